// Pulses as ephemeral znodes of this session.
#pragma once

#include "daemon/cluster/pulses.h"
#include "daemon/zookeeper/client/session.h"
#include "daemon/zookeeper/paths.h"

namespace onyx::zookeeper {

class ZookeeperPulses final : public cluster::Pulses {
 public:
  ZookeeperPulses(Session& session, const Paths& paths) : session_(session), paths_(paths) {}

  Result<void> announce(const GroupId& group) override;
  Result<bool> exists(const GroupId& group) override;
  Result<std::vector<GroupId>> groups() override;
  Result<std::unique_ptr<cluster::PulseWatch>> watch(const GroupId& group,
                                                     std::function<void()> on_gone) override;

 private:
  Session& session_;
  const Paths paths_;
};

}  // namespace onyx::zookeeper
