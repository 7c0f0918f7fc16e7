// A Subscriber over rings: one Channel from each upstream peer, with barriers aligned.
//
// Shape:   a channel whose barrier has come is not read until every channel's has. Channels are read in turn. Barriers of an older
//          version are dropped; one of a newer version stays where it is.
#pragma once

#include <memory>
#include <vector>

#include "daemon/barrier/alignment.h"
#include "daemon/messaging/in_process/channel.h"

namespace onyx::messaging {

class RingSubscriber final : public Subscriber {
 public:
  RingSubscriber(ReplicaVersion version, std::vector<std::shared_ptr<Channel>> channels);

  Heard poll(std::size_t limit, std::vector<edn::Value>& out, barrier::Barrier& barrier) override;

 private:
  std::vector<std::shared_ptr<Channel>> channels_;
  barrier::Alignment alignment_;  // by index of the channel
  std::size_t next_ = 0;
};

}  // namespace onyx::messaging
