// The log parameters in one znode that is created once.
#pragma once

#include "daemon/cluster/log_parameters.h"
#include "daemon/zookeeper/client/session.h"
#include "daemon/zookeeper/paths.h"

namespace onyx::zookeeper {

class ZookeeperLogParameters final : public cluster::LogParameters {
 public:
  ZookeeperLogParameters(Session& session, const Paths& paths) : session_(session), paths_(paths) {}

  Result<std::string> create_or_read(std::string_view text) override;
  Result<std::optional<std::string>> read() override;

 private:
  Session& session_;
  const Paths paths_;
};

}  // namespace onyx::zookeeper
