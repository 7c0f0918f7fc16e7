// A job on its way, on stderr: a block that is redrawn on a terminal, a line for each change otherwise.
//
// Units:   redrawn at most ten times a second; rates are of the time between two views at least 200 ms apart.
// Thread:  the one that writes to the terminal.
#pragma once

#include <map>
#include <string>

#include "cli/context.h"
#include "common/api/views.h"

namespace onyx::cli {

class Progress {
 public:
  explicit Progress(Context& context);
  ~Progress();  // leaves nothing of the block behind

  void show(const api::JobView& view);
  void clear();

 private:
  struct Seen {
    std::uint64_t in = 0;
    std::uint64_t out = 0;
    std::uint64_t busy_ns = 0;
    double in_rate = 0;
    double out_rate = 0;
    double busy = 0;
  };

  void measure(const api::JobView& view, Instant now);
  std::string block(const api::JobView& view) const;

  Context& context_;
  std::string last_line_;  // off a terminal: what was said last
  int lines_ = 0;          // on a terminal: of the block that stands there
  Instant drawn_{};
  Instant measured_{};
  std::map<std::string, Seen> seen_;
};

}  // namespace onyx::cli
