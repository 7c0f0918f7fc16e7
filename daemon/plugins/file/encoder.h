// A segment to a line of a file.
//
// Errors:  invalid_argument: what the format cannot say (a function in JSON, a key that a CSV file has no column for).
// Thread:  one at a time.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/edn/value.h"
#include "daemon/plugins/file/file_options.h"

namespace onyx::plugins::file {

class Encoder {
 public:
  virtual ~Encoder() = default;
  // Appends the line with its line feed (and before the first CSV record, the header); on an error `out` is as it was.
  virtual Result<void> encode(const edn::Value& segment, std::string& out) = 0;
};

std::unique_ptr<Encoder> make_encoder(const FileOptions& options);

}  // namespace onyx::plugins::file
