#include "daemon/messaging/in_process/ring_publisher.h"

namespace onyx::messaging {

RingPublisher::RingPublisher(std::vector<std::shared_ptr<Channel>> channels) {
  for (auto& channel : channels) lanes_.push_back({std::move(channel), nullptr, {}, -1});
}

void RingPublisher::put(edn::Value segment) {
  Lane& lane = lanes_[current_];
  put(std::move(segment), static_cast<SlotId>(current_));
  if (lane.open != nullptr || lanes_.size() == 1) return;
  // A message has been filled: the next one goes to the peer with the shortest backlog, from here on in a circle.
  std::size_t best = (current_ + 1) % lanes_.size();
  std::size_t best_backlog = SIZE_MAX;
  for (std::size_t i = 1; i <= lanes_.size(); ++i) {
    const std::size_t candidate = (current_ + i) % lanes_.size();
    const std::size_t backlog =
        lanes_[candidate].channel->backlog() + lanes_[candidate].waiting.size();
    if (backlog < best_backlog) {
      best = candidate;
      best_backlog = backlog;
    }
  }
  current_ = best;
}

void RingPublisher::put_all(std::vector<edn::Value>& segments) {
  for (edn::Value& segment : segments) put(std::move(segment));
  segments.clear();
}

void RingPublisher::put(edn::Value segment, SlotId index) {
  Lane& lane = lanes_[static_cast<std::size_t>(index)];
  if (lane.open == nullptr) lane.open = lane.channel->acquire();
  lane.open->batch.append(std::move(segment));
  if (lane.open->batch.size() >= lane.channel->batch_size()) close_open(lane);
}

void RingPublisher::close_open(Lane& lane) {
  lane.waiting.push_back(std::move(lane.open));
  drain(lane);
}

bool RingPublisher::drain(Lane& lane) {
  while (!lane.waiting.empty()) {
    if (!lane.channel->push(lane.waiting.front())) return false;
    lane.waiting.pop_front();
  }
  return true;
}

bool RingPublisher::flush() {
  bool all = true;
  for (Lane& lane : lanes_) {
    if (lane.open != nullptr && !lane.open->batch.empty())
      lane.waiting.push_back(std::move(lane.open));
    all = drain(lane) && all;
  }
  return all;
}

bool RingPublisher::offer(const barrier::Barrier& barrier) {
  for (Lane& lane : lanes_) {
    if (lane.barrier_queued >= barrier.epoch) continue;
    if (lane.open != nullptr && !lane.open->batch.empty())
      lane.waiting.push_back(std::move(lane.open));
    auto message = lane.channel->acquire();
    message->barrier = barrier;
    message->is_barrier = true;
    lane.waiting.push_back(std::move(message));
    lane.barrier_queued = barrier.epoch;
  }
  return flush();
}

}  // namespace onyx::messaging
