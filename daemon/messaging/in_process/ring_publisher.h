// A Publisher over rings: one Channel to each peer of the downstream task.
//
// Shape:   per channel one open message that fills up to the receiver's batch size, and those that did not fit the ring, which
//          are at most what one batch of the sender came to. Segments for no peer in particular fill one message at a time
//          and go where the backlog is shortest.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "daemon/messaging/in_process/channel.h"

namespace onyx::messaging {

class RingPublisher final : public Publisher {
 public:
  explicit RingPublisher(std::vector<std::shared_ptr<Channel>> channels);

  SlotId slots() const override { return static_cast<SlotId>(lanes_.size()); }
  void put(edn::Value segment) override;
  void put_all(std::vector<edn::Value>& segments) override;
  void put(edn::Value segment, SlotId index) override;
  bool flush() override;
  bool offer(const barrier::Barrier& barrier) override;

 private:
  struct Lane {
    std::shared_ptr<Channel> channel;
    std::unique_ptr<Message> open;                 // being filled
    std::deque<std::unique_ptr<Message>> waiting;  // full, in order, for room in the ring
    Epoch barrier_queued = -1;                     // newest barrier put into `waiting` or the ring
  };

  void close_open(Lane& lane);
  bool drain(Lane& lane);

  std::vector<Lane> lanes_;
  std::size_t current_ = 0;
};

}  // namespace onyx::messaging
