// The edge between two tasks of a fused chain: what the first puts, the second polls, in the same thread.
//
// Shape:   a queue of segments and at most one barrier behind them. The publishing side is full once more than one batch of
//          the receiver waits, and until the receiver has taken a barrier, so a chain never runs ahead of its slowest task.
// Thread:  one worker at a time: the one that steps the chain.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "daemon/messaging/messenger.h"

namespace onyx::messaging {

struct DirectQueue {
  std::size_t receiver_batch_size = 1;
  std::vector<edn::Value> segments;
  std::size_t taken = 0;  // segments before this index are gone
  std::optional<barrier::Barrier> barrier;

  std::size_t size() const { return segments.size() - taken; }
};

class DirectPublisher final : public Publisher {
 public:
  explicit DirectPublisher(std::shared_ptr<DirectQueue> queue) : queue_(std::move(queue)) {}

  SlotId slots() const override { return 1; }
  void put(edn::Value segment) override { queue_->segments.push_back(std::move(segment)); }
  void put_all(std::vector<edn::Value>& segments) override;
  void put(edn::Value segment, SlotId) override { put(std::move(segment)); }
  bool flush() override { return queue_->size() <= queue_->receiver_batch_size; }
  bool offer(const barrier::Barrier& barrier) override;

 private:
  std::shared_ptr<DirectQueue> queue_;
  Epoch offered_ = -1;
};

class DirectSubscriber final : public Subscriber {
 public:
  explicit DirectSubscriber(std::shared_ptr<DirectQueue> queue) : queue_(std::move(queue)) {}

  Heard poll(std::size_t limit, std::vector<edn::Value>& out, barrier::Barrier& barrier) override;

 private:
  std::shared_ptr<DirectQueue> queue_;
};

}  // namespace onyx::messaging
