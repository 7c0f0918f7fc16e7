// Whether a group keeps up with what reaches it, told when that changes.
//
// Shape:   pure. Behind from half of its inbox on, not behind any more once the inbox is empty; the log's follower waits when
//          it is full. While a group reads the log for the first time it is not asked.
#pragma once

#include <cstddef>
#include <optional>

namespace onyx::runtime {

class Backlog {
 public:
  explicit Backlog(std::size_t capacity) : behind_from_(capacity / 2 + 1) {}

  // `waiting`: in the inbox. True: it has fallen behind; false: it has caught up; nothing: as before.
  std::optional<bool> changed(std::size_t waiting) {
    if (!is_behind_ && waiting >= behind_from_) return is_behind_ = true;
    if (is_behind_ && waiting == 0) return is_behind_ = false;
    return std::nullopt;
  }

 private:
  const std::size_t behind_from_;
  bool is_behind_ = false;
};

}  // namespace onyx::runtime
