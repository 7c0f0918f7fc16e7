#include "daemon/zookeeper/zookeeper_cluster.h"

#include <fmt/format.h>

#include <vector>

#include "daemon/zookeeper/client/session.h"
#include "daemon/zookeeper/paths.h"
#include "daemon/zookeeper/zookeeper_coordinates.h"
#include "daemon/zookeeper/zookeeper_job_store.h"
#include "daemon/zookeeper/zookeeper_log.h"
#include "daemon/zookeeper/zookeeper_log_parameters.h"
#include "daemon/zookeeper/zookeeper_pulses.h"

namespace onyx::zookeeper {
namespace {

class ZookeeperCluster final : public cluster::Cluster {
 public:
  ZookeeperCluster(std::unique_ptr<Session> session, const std::string& tenancy)
      : session_(std::move(session)),
        paths_(tenancy),
        log_(*session_, paths_),
        jobs_(*session_, paths_, tenancy),
        pulses_(*session_, paths_),
        parameters_(*session_, paths_),
        coordinates_(*session_, paths_) {}

  cluster::CoordinationLog& log() override { return log_; }
  cluster::JobStore& jobs() override { return jobs_; }
  cluster::Pulses& pulses() override { return pulses_; }
  cluster::LogParameters& parameters() override { return parameters_; }
  cluster::CoordinateStore& coordinates() override { return coordinates_; }
  cluster::SessionState session() const override { return session_->state(); }
  std::chrono::milliseconds session_timeout() const override {
    return session_->handle().session_timeout();
  }
  std::shared_ptr<const cluster::Fence> fence() const override { return session_->fence(); }
  void close() override { session_->close(); }

 private:
  const std::unique_ptr<Session> session_;
  const Paths paths_;
  ZookeeperLog log_;
  ZookeeperJobStore jobs_;
  ZookeeperPulses pulses_;
  ZookeeperLogParameters parameters_;
  ZookeeperCoordinates coordinates_;
};

// All at once: the server answers in order, so a parent is there before its child is asked for.
Result<void> create_skeleton(Session& session, const Paths& paths) {
  const std::vector<std::string> nodes = paths.skeleton();
  std::vector<Call> calls;
  for (const std::string& node : nodes) calls.push_back(session.handle().create(node, {}));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Reply reply = calls[i].wait();
    if (reply.is_ambiguous() || reply.code == Code::no_node) {
      reply = session.repeat([&] { return session.handle().create(nodes[i], {}); });
    }
    if (!reply.ok() && reply.code != Code::node_exists) {
      return failure_of(reply, fmt::format("creating {}", nodes[i]));
    }
  }
  return {};
}

// A znode can be deleted by whoever may do so with its parent: one open level opens all below.
Result<void> check_closed(Session& session, const Paths& paths, const std::string& tenancy) {
  for (const std::string& node : paths.skeleton()) {
    if (is_shared(node)) continue;
    const Reply reply = session.repeat([&] { return session.handle().access(node); });
    if (!reply.ok()) return failure_of(reply, fmt::format("reading who may change {}", node));
    if (!reply.is_open) continue;
    return failure(
        ErrorCode::failed_precondition,
        fmt::format("{} of tenancy {} is open to everybody who reaches ZooKeeper, as it was made "
                    "without :onyxd/zookeeper-auth-file. Close it with zkCli.sh:  addauth digest "
                    "USER:PASSWORD,  setAcl -R {} auth::cdrwa,  setAcl -R {} auth::cdrwa;  take "
                    "another tenancy; or accept it with :onyxd/zookeeper-open? true",
                    node, tenancy, paths.root(), paths.coordinates()),
        "NET-52");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<cluster::Cluster>> open_cluster(const ClusterOptions& options,
                                                       cluster::OnSession on_session) {
  if (options.tenancy.empty()) {
    return failure(ErrorCode::invalid_argument, ":onyx/tenancy-id is empty");
  }
  HandleOptions handle;
  handle.address = options.address;
  handle.session_timeout = options.session_timeout;
  handle.call_deadline = options.call_deadline;
  handle.digest = options.digest;
  handle.is_shared = is_shared;
  ONYX_ASSIGN_OR_RETURN(
      std::unique_ptr<Session> session,
      Session::open(handle, options.connect_deadline, std::move(on_session), options.watch));
  const Paths paths(options.tenancy);
  ONYX_TRY(create_skeleton(*session, paths));
  if (options.digest && !options.may_be_open)
    ONYX_TRY(check_closed(*session, paths, options.tenancy));
  return std::make_unique<ZookeeperCluster>(std::move(session), options.tenancy);
}

}  // namespace onyx::zookeeper
