#include "daemon/messaging/in_process/direct_edge.h"

#include <algorithm>
#include <iterator>

namespace onyx::messaging {

void DirectPublisher::put_all(std::vector<edn::Value>& segments) {
  if (queue_->segments.empty()) {
    queue_->segments.swap(segments);
    return;
  }
  queue_->segments.insert(queue_->segments.end(), std::make_move_iterator(segments.begin()),
                          std::make_move_iterator(segments.end()));
  segments.clear();
}

bool DirectPublisher::offer(const barrier::Barrier& barrier) {
  if (offered_ < barrier.epoch) {
    if (queue_->barrier.has_value()) return false;
    queue_->barrier = barrier;
    offered_ = barrier.epoch;
  }
  return !queue_->barrier.has_value();
}

Heard DirectSubscriber::poll(std::size_t limit, std::vector<edn::Value>& out,
                             barrier::Barrier& barrier) {
  DirectQueue& queue = *queue_;
  if (queue.size() > 0) {
    if (queue.taken == 0 && queue.segments.size() <= limit && out.empty()) {
      out.swap(queue.segments);
    } else {
      const std::size_t count = std::min(limit, queue.size());
      const auto first = queue.segments.begin() + static_cast<std::ptrdiff_t>(queue.taken);
      out.insert(out.end(), std::make_move_iterator(first),
                 std::make_move_iterator(first + static_cast<std::ptrdiff_t>(count)));
      queue.taken += count;
      if (queue.size() == 0) {
        queue.segments.clear();
        queue.taken = 0;
      }
    }
    return Heard::segments;
  }
  if (queue.barrier.has_value()) {
    barrier = *queue.barrier;
    queue.barrier.reset();
    return Heard::barrier;
  }
  return Heard::nothing;
}

}  // namespace onyx::messaging
