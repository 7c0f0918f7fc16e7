// The latest coordinate of each job in a znode that is only ever set with the version its owner
// knows.
#pragma once

#include "daemon/cluster/coordinate_store.h"
#include "daemon/zookeeper/client/session.h"
#include "daemon/zookeeper/paths.h"

namespace onyx::zookeeper {

class ZookeeperCoordinates final : public cluster::CoordinateStore {
 public:
  ZookeeperCoordinates(Session& session, const Paths& paths) : session_(session), paths_(paths) {}

  Result<cluster::StoredCoordinate> assume(const JobId& job) override;
  Result<std::int32_t> write(const JobId& job, std::string_view text,
                             std::int32_t version) override;
  Result<std::optional<cluster::StoredCoordinate>> read(const JobId& job) override;

 private:
  Session& session_;
  const Paths paths_;
};

}  // namespace onyx::zookeeper
