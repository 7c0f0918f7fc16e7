#include "daemon/zookeeper/zookeeper_coordinates.h"

#include <fmt/format.h>

#include "daemon/cluster/refusals.h"

namespace onyx::zookeeper {
namespace {

constexpr int kLostRacesMax = 100;  // each lost race is another coordinator that took over

}  // namespace

Result<cluster::StoredCoordinate> ZookeeperCoordinates::assume(const JobId& job) {
  const std::string path = paths_.coordinate(job);
  for (int tries = 0; tries < kLostRacesMax; ++tries) {
    ONYX_ASSIGN_OR_RETURN(const std::optional<cluster::StoredCoordinate> found, read(job));
    if (!found) {
      const Reply created = session_.handle().create(path, "nil").wait();
      if (created.ok()) return cluster::StoredCoordinate{"nil", 0};
      if (created.code == Code::node_exists || created.is_ambiguous()) continue;
      return failure_of(created, fmt::format("creating the coordinate of job {}", job.text()));
    }
    const Reply taken = session_.handle().set(path, found->text, found->version).wait();
    if (taken.ok()) return cluster::StoredCoordinate{found->text, taken.stat.version};
    if (taken.code == Code::bad_version || taken.is_ambiguous()) continue;
    return failure_of(taken, fmt::format("taking over the coordinate of job {}", job.text()));
  }
  return failure(ErrorCode::aborted,
                 fmt::format("too many coordinators contend for job {}", job.text()));
}

Result<std::int32_t> ZookeeperCoordinates::write(const JobId& job, std::string_view text,
                                                 std::int32_t version) {
  const Reply reply = session_.handle().set(paths_.coordinate(job), text, version).wait();
  if (reply.ok()) return reply.stat.version;
  if (reply.code == Code::bad_version || reply.code == Code::no_node) {
    return cluster::coordinator_deposed(job);
  }
  return failure_of(reply, fmt::format("writing the coordinate of job {}", job.text()));
}

Result<std::optional<cluster::StoredCoordinate>> ZookeeperCoordinates::read(const JobId& job) {
  const std::string path = paths_.coordinate(job);
  Reply reply = session_.repeat([&] {
    session_.handle().sync(path);
    return session_.handle().get(path);
  });
  if (reply.code == Code::no_node) return std::nullopt;
  if (!reply.ok()) {
    return failure_of(reply, fmt::format("reading the coordinate of job {}", job.text()));
  }
  return cluster::StoredCoordinate{std::move(reply.text), reply.stat.version};
}

}  // namespace onyx::zookeeper
