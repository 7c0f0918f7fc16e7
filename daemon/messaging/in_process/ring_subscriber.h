// A Subscriber over rings: one Channel from each upstream peer, with barriers aligned.
//
// Shape:   a channel whose barrier has come is not read until every channel's has. Channels are read in turn.
#pragma once

#include <memory>
#include <vector>

#include "daemon/messaging/in_process/channel.h"

namespace onyx::messaging {

class RingSubscriber final : public Subscriber {
 public:
  explicit RingSubscriber(std::vector<std::shared_ptr<Channel>> channels);

  Heard poll(std::size_t limit, std::vector<edn::Value>& out, Barrier& barrier) override;

 private:
  struct Lane {
    std::shared_ptr<Channel> channel;
    bool is_blocked = false;  // its barrier has come
  };

  std::vector<Lane> lanes_;
  std::size_t next_ = 0;
  std::size_t blocked_ = 0;
  Barrier pending_;  // while some are blocked
};

}  // namespace onyx::messaging
