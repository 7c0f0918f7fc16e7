// The cluster seams on a ZooKeeper session.
//
// Shape:   one session per group; every znode path is in paths.h; what the C client needs is in
//          client/. Units:   session_timeout is what we ask for; the server grants between 2 and 20
//          of its ticks. Thread:  as cluster::Cluster. Two threads of the C client, one that looks
//          after the session's age, one per follower. Errors:  unavailable: no server answered by
//          connect_deadline. failed_precondition: an address we cannot use.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "daemon/cluster/cluster.h"
#include "daemon/zookeeper/client/session.h"

namespace onyx::zookeeper {

struct ClusterOptions {
  std::string address;  // "10.0.0.1:2181,10.0.0.2:2181"
  std::string tenancy;
  std::chrono::milliseconds session_timeout{4'000};
  std::chrono::milliseconds connect_deadline{10'000};
  std::chrono::milliseconds call_deadline{10'000};
  SessionWatch watch;                 // whoever ends the session when this process cannot
  std::optional<std::string> digest;  // "user:password" for ACLs on the tenancy tree
  bool may_be_open = false;           // with a digest: accept a tree that others may change
};

Result<std::unique_ptr<cluster::Cluster>> open_cluster(const ClusterOptions& options,
                                                       cluster::OnSession on_session = {});

}  // namespace onyx::zookeeper
