// Lines of an input that could not be read: counted, and set aside where the job wants it.
//
// Shape:   a JSON line for each: file, line, offset, reason, text. The file is written behind the worker, and appears when the
//          job completes, as an output's does.
// Thread:  one at a time; no call blocks. What answers false is worth repeating after the wake that the file was made with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/json/writer.h"
#include "daemon/plugins/file/file_options.h"
#include "daemon/plugins/file/write_behind.h"

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
  Rejects() = default;  // counts only
  Rejects(TextFile file, std::function<void()> wake, std::function<bool()> may_act) {
    file_.emplace(std::move(file), std::move(wake), std::move(may_act));
  }

  // To be asked before each add(); false: not now.
  Result<bool> make_room() { return file_.has_value() ? file_->make_room() : Result<bool>(true); }
  Result<void> add(const BadLine& bad);
  Result<bool> written() { return file_.has_value() ? file_->written() : Result<bool>(true); }
  Result<bool> publish() { return file_.has_value() ? file_->publish() : Result<bool>(true); }

 private:
  std::optional<WriteBehind> file_;
  json::Writer writer_;
};

}  // namespace onyx::plugins::file
