#include "daemon/zookeeper/client/greeting.h"

#include <algorithm>

namespace onyx::zookeeper {

namespace {

constexpr std::chrono::nanoseconds kFirstMost = std::chrono::milliseconds(250);

}  // namespace

Greeting::Greeting(std::chrono::milliseconds timeout)
    : first_(std::min(std::chrono::nanoseconds(timeout) / 16, kFirstMost)),
      most_(std::chrono::nanoseconds(timeout) / 3),
      patience_(first_) {}

bool Greeting::is_overdue(bool is_awaited, Instant now) {
  if (!is_awaited) {
    since_.reset();
    return false;
  }
  if (!since_.has_value()) since_ = now;
  if (now - *since_ < patience_) return false;
  since_.reset();
  has_doubled_ = !has_doubled_;
  if (has_doubled_) patience_ = std::min(2 * patience_, most_);
  return true;
}

void Greeting::answered() {
  since_.reset();
  patience_ = first_;
  has_doubled_ = true;
}

}  // namespace onyx::zookeeper
