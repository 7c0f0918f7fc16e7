#include "daemon/messaging/in_process/ring_subscriber.h"

#include "common/base/check.h"

namespace onyx::messaging {

RingSubscriber::RingSubscriber(std::vector<std::shared_ptr<Channel>> channels) {
  for (auto& channel : channels) lanes_.push_back({std::move(channel), false});
}

Heard RingSubscriber::poll(std::size_t limit, std::vector<edn::Value>& out, Barrier& barrier) {
  const std::size_t size_before = out.size();
  std::size_t idle = 0;
  while (idle < lanes_.size() && out.size() - size_before < limit) {
    Lane& lane = lanes_[next_];
    Message* message = lane.is_blocked ? nullptr : lane.channel->front();
    if (message == nullptr) {
      ++idle;
      next_ = (next_ + 1) % lanes_.size();
      continue;
    }
    if (message->is_barrier) {
      ONYX_CHECK(blocked_ == 0 || pending_.epoch == message->barrier.epoch,
                 "barriers of epochs {} and {} meet", pending_.epoch, message->barrier.epoch);
      if (blocked_ == 0) {
        pending_ = message->barrier;
      } else {
        pending_.sealing = pending_.sealing && message->barrier.sealing;
        pending_.checkpoint = pending_.checkpoint && message->barrier.checkpoint;
      }
      lane.is_blocked = true;
      lane.channel->pop();
      if (++blocked_ == lanes_.size()) break;
      continue;
    }
    if (out.size() != size_before && out.size() - size_before + message->batch.size() > limit)
      break;
    idle = 0;
    message->batch.take_all(out);
    lane.channel->pop();
    next_ = (next_ + 1) % lanes_.size();
  }
  if (out.size() != size_before) return Heard::segments;
  if (!lanes_.empty() && blocked_ == lanes_.size()) {
    barrier = pending_;
    for (Lane& lane : lanes_) lane.is_blocked = false;
    blocked_ = 0;
    return Heard::barrier;
  }
  return Heard::nothing;
}

}  // namespace onyx::messaging
