// A line of a file to a segment.
//
// Shape:   one decoder per file: a CSV decoder learns its columns from the first line.
// Errors:  what is wrong with the line, in words, without file and number, which the caller knows.
// Thread:  one at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <tl/expected.hpp>

#include "common/edn/value.h"
#include "daemon/plugins/file/file_options.h"

namespace onyx::plugins::file {

class Decoder {
 public:
  enum class More : std::uint8_t {
    nothing,     // the line was a header, or empty: no segment
    needs_line,  // the record goes on in the next line: extend it and call again
  };
  using Decoded = std::variant<edn::Value, More>;

  virtual ~Decoder() = default;
  virtual tl::expected<Decoded, std::string> decode(std::string_view line) = 0;
};

std::unique_ptr<Decoder> make_decoder(const FileOptions& options);

bool is_utf8(std::string_view text);

}  // namespace onyx::plugins::file
