// Lines of an input that could not be read: counted, and set aside where the job wants it.
//
// Shape:   a JSON line for each: file, line, offset, reason, text. The file appears when the job completes, as an output's does.
// Thread:  one at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/json/writer.h"
#include "daemon/plugins/file/file_options.h"
#include "daemon/plugins/file/text_file.h"

namespace onyx::plugins::file {

struct BadLine {
  const std::string& file;
  std::uint64_t line;
  std::uint64_t offset;
  const std::string& reason;
  std::string_view text;
};

class Rejects {
 public:
  explicit Rejects(std::optional<TextFile> file) : file_(std::move(file)) {}

  Result<void> add(const BadLine& bad);
  Result<void> flush();
  Result<void> publish();

 private:
  std::optional<TextFile> file_;
  json::Writer writer_;
};

}  // namespace onyx::plugins::file
