#include "daemon/messaging/in_process/ring_subscriber.h"

#include <utility>

namespace onyx::messaging {

using barrier::Alignment;

RingSubscriber::RingSubscriber(ReplicaVersion version,
                               std::vector<std::shared_ptr<Channel>> channels)
    : channels_(std::move(channels)) {
  alignment_.reset(version, channels_.size());
}

Heard RingSubscriber::poll(std::size_t limit, std::vector<edn::Value>& out,
                           barrier::Barrier& barrier) {
  const std::size_t size_before = out.size();
  std::size_t idle = 0;
  while (idle < channels_.size() && out.size() - size_before < limit) {
    Channel& channel = *channels_[next_];
    Message* message = alignment_.is_blocked(next_) ? nullptr : channel.front();
    if (message == nullptr) {
      ++idle;
      next_ = (next_ + 1) % channels_.size();
      continue;
    }
    if (message->is_barrier) {
      switch (alignment_.accept(next_, message->barrier)) {
        case Alignment::Verdict::blocked:
        case Alignment::Verdict::stale:
          channel.pop();
          break;
        case Alignment::Verdict::early:
          ++idle;
          next_ = (next_ + 1) % channels_.size();
          break;
        case Alignment::Verdict::misaligned:
          if (out.size() != size_before) return Heard::segments;  // their turn comes before
          barrier = message->barrier;
          return Heard::misaligned;
      }
      if (alignment_.is_aligned()) break;
      continue;
    }
    if (out.size() != size_before && out.size() - size_before + message->batch.size() > limit)
      break;
    idle = 0;
    message->batch.take_all(out);
    channel.pop();
    next_ = (next_ + 1) % channels_.size();
  }
  if (out.size() != size_before) return Heard::segments;
  if (alignment_.is_aligned()) {
    barrier = alignment_.pass();
    return Heard::barrier;
  }
  return Heard::nothing;
}

}  // namespace onyx::messaging
