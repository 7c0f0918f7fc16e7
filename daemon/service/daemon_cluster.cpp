#include <fmt/format.h>

#include <future>
#include <map>

#include "daemon/cluster/coordination_log.h"
#include "daemon/replica/queries.h"
#include "daemon/runtime/outbox.h"
#include "daemon/service/daemon_backend.h"
#include "daemon/service/limits.h"

namespace onyx::service {

using replica::Replica;

namespace {

std::int32_t peers_in(const Replica& replica, const GroupId& id) {
  const replica::Group* group = replica.groups.find(id);
  return group == nullptr ? 0 : static_cast<std::int32_t>(group->peers.size());
}

}  // namespace

DaemonBackend::DaemonBackend(DaemonFacts facts, runtime::PeerGroup& group, query::ReplicaFeed& feed,
                             const plugins::Registry& plugins,
                             std::shared_ptr<plugins::OutputStore> outputs, IdSource& ids)
    : facts_(std::move(facts)),
      group_(group),
      feed_(feed),
      plugins_(plugins),
      outputs_(std::move(outputs)),
      ids_(ids),
      watches_(
          feed, [this](const JobId& id) { return glimpse_of(id); },
          [this](const std::vector<JobId>& jobs) { return full_views(jobs, *feed_.replica()); }) {}

DaemonBackend::~DaemonBackend() = default;

Answer<Position> DaemonBackend::append(coordination::Command command, const Call& call) {
  ONYX_ASSIGN_OR_RETURN(const auto self, handle());
  auto written = std::make_shared<std::promise<Result<Position>>>();
  auto answer = written->get_future();
  const bool queued =
      self.outbox->append({std::move(command), "client", std::nullopt},
                          [written](Result<Position> r) { written->set_value(std::move(r)); });
  if (!queued)
    return failure(ErrorCode::unavailable, "this daemon is leaving the cluster", "NET-08");
  if (answer.wait_until(call.deadline) != std::future_status::ready) {
    return failure(ErrorCode::deadline_exceeded,
                   "the entry was not written in time; it may still be", "NET-11");
  }
  ONYX_ASSIGN_OR_RETURN(const Position position, answer.get());
  ONYX_TRY(applied(position, call));
  return position;
}

Answer<DaemonBackend::Snapshot> DaemonBackend::applied(Position position, const Call& call) const {
  auto snapshot = feed_.wait_for([&](const replica::Replica& r) { return r.version >= position; },
                                 call.deadline, call.is_abandoned);
  if (snapshot != nullptr) return snapshot;
  return failure(
      ErrorCode::deadline_exceeded,
      fmt::format("entry {} is written, but this daemon has not applied it yet", position),
      "NET-11");
}

VersionView DaemonBackend::version() {
  VersionView view;
  view.version = facts_.version;
  view.log_version = std::to_string(replica::kLogVersion);
  view.tenancy = facts_.tenancy;
  view.host = facts_.host;
  view.zookeeper = facts_.zookeeper;
  view.dev = facts_.is_dev;
  view.started_ms = facts_.started_ms;
  view.position = feed_.position();
  if (const auto self = group_.handle()) view.group = self->group;
  return view;
}

GroupView DaemonBackend::group_view(const replica::Group& group, const Replica& replica) const {
  const auto self = group_.handle();
  GroupView view;
  view.id = group.id;
  view.is_self = self.has_value() && self->group == group.id;
  view.state = group.drained ? "drained" : group.joined ? "ready" : "joining";
  view.peers = static_cast<std::int32_t>(group.peers.size());
  for (const PeerId& peer : group.peers) {
    if (replica::place_of(replica, peer).has_value()) ++view.busy;
  }
  if (group.plugins.has_value()) view.plugins = *group.plugins;
  if (view.is_self) {
    view.host = facts_.host;
    view.version = facts_.version;
    view.position = replica.version;
    const auto session = self->cluster->session();
    if (session != cluster::SessionState::connected) view.state = cluster::name_of(session);
    for (const std::string& tag : facts_.tags) view.tags.push_back(":" + tag);
  } else if (!group.peers.empty()) {
    const replica::Peer& peer = *replica.peers.find(group.peers.front());
    view.host = replica::host_of(peer.site);
    for (const std::string& tag : peer.tags) view.tags.push_back(":" + tag);
  } else if (group.drained) {
    view.host = replica::host_of(group.drained->site);
  }
  return view;
}

PeerView DaemonBackend::peer_view(const replica::Peer& peer, const Replica& replica) {
  PeerView view;
  view.id = peer.id;
  view.group = peer.group;
  view.host = replica::host_of(peer.site);
  view.state = "idle";
  for (const std::string& tag : peer.tags) view.tags.push_back(":" + tag);
  if (const auto place = replica::place_of(replica, peer.id)) {
    view.state = "working";
    view.job = place->job;
    view.task = place->task.text();
    view.slot = place->slot;
    if (const replica::Job* job = replica::find_job(replica, place->job)) {
      view.job_name = job->spec->name;
    }
  }
  return view;
}

std::vector<GroupView> DaemonBackend::group_views(const Replica& replica) const {
  std::vector<GroupView> views;
  std::map<GroupId, runtime::GroupReport> reports;
  if (const auto self = group_.handle()) {
    reports = self->inquiries->groups(replica, runtime::Workers::now() + kHearingMax);
  }
  for (const replica::Group& group : replica.groups) {
    GroupView view = group_view(group, replica);
    if (const auto report = reports.find(group.id); report != reports.end()) {
      view.stale = report->second.stale;
      if (!view.is_self) {
        view.version = report->second.version;
        view.position = report->second.position;
      }
    }
    views.push_back(std::move(view));
  }
  return views;
}

std::vector<GroupView> DaemonBackend::list_groups() { return group_views(*feed_.replica()); }

std::vector<PeerView> DaemonBackend::list_peers() {
  const Snapshot replica = feed_.replica();
  std::vector<PeerView> views;
  for (const replica::Peer& peer : replica->peers) views.push_back(peer_view(peer, *replica));
  return views;
}

ClusterView DaemonBackend::cluster() {
  const Snapshot replica = feed_.replica();
  ClusterView view;
  view.daemon = version();
  view.daemon.position = replica->version;
  view.job_scheduler = facts_.job_scheduler.substr(facts_.job_scheduler.find('/') + 1);
  view.groups = group_views(*replica);
  view.peers = static_cast<std::int32_t>(replica::schedulable_peers(*replica));
  view.busy = view.peers - static_cast<std::int32_t>(replica::idle_peers(*replica));
  view.not_joined = static_cast<std::int32_t>(replica->peers.size()) - view.peers;
  for (const JobRef& job : job_refs()) {
    view.jobs_waiting += job.state == JobState::waiting ? 1 : 0;
    view.jobs_running += job.state == JobState::running ? 1 : 0;
    view.jobs_completed += job.state == JobState::completed ? 1 : 0;
    view.jobs_killed += job.state == JobState::killed ? 1 : 0;
  }
  view.origin = std::max<Position>(feed_.origin(), 0);
  // One that does not answer now is not waited for.
  const auto self = group_.handle();
  const bool answers =
      self.has_value() && self->cluster->session() == cluster::SessionState::connected;
  if (answers) view.newest = self->cluster->log().newest().value_or(-1);
  return view;
}

Answer<GroupDetailView> DaemonBackend::get_group(const GroupId& id) {
  const Snapshot replica = feed_.replica();
  const replica::Group* group = replica->groups.find(id);
  if (group == nullptr) {
    return failure(ErrorCode::not_found, fmt::format("no group {}", id.text()), "NET-04");
  }
  GroupDetailView view;
  view.group = group_view(*group, *replica);
  if (const auto self = group_.handle(); self.has_value() && self->group == id) {
    view.session = cluster::name_of(self->cluster->session());
    view.group.stale = self->inquiries->own().stale;
  }
  for (const GroupId& watched : replica::watched_by(*replica, id)) view.watches.push_back(watched);
  view.watched_by = replica::observer_of(*replica->membership, id).value_or(GroupId());
  if (group->drained) view.site = group->drained->site;
  for (const PeerId& peer : group->peers) {
    view.site = replica::site_of(*replica, peer);
    view.peers.push_back(peer_view(*replica->peers.find(peer), *replica));
  }
  return view;
}

Answer<AddPeersView> DaemonBackend::add_peers(std::int32_t count, const Call& call) {
  constexpr std::int32_t kAtOnceMax = 10'000;
  if (count < 1 || count > kAtOnceMax) {
    return failure(
        ErrorCode::invalid_argument,
        fmt::format("the number of peers to add is between 1 and {}, got {}", kAtOnceMax, count),
        "NET-45");
  }
  ONYX_ASSIGN_OR_RETURN(const auto self, handle());
  ONYX_ASSIGN_OR_RETURN(const auto peers, group_.add_peers(static_cast<std::size_t>(count)));
  const auto is_drained = [&](const replica::Replica& r) {
    const replica::Group* group = r.groups.find(self.group);
    return group != nullptr && group->drained.has_value();
  };
  const auto snapshot = feed_.wait_for(
      [&](const replica::Replica& r) {
        return replica::group_of(r, peers.back()).has_value() || is_drained(r);
      },
      call.deadline, call.is_abandoned);
  if (snapshot != nullptr && is_drained(*snapshot)) {
    return failure(ErrorCode::failed_precondition,
                   fmt::format("group {} was drained meanwhile; onyxctl group undrain {}",
                               self.group.text(), self.group.text().substr(0, 8)),
                   "NET-43");
  }
  if (snapshot == nullptr) {
    return failure(ErrorCode::deadline_exceeded,
                   "the peers are announced, but the entry is not applied yet", "NET-11");
  }
  return AddPeersView{peers, peers_in(*snapshot, self.group)};
}

Answer<RemovePeerView> DaemonBackend::remove_peer(const PeerId& id, const Call& call) {
  const Snapshot replica = feed_.replica();
  const auto group = replica::group_of(*replica, id);
  if (!group.has_value())
    return failure(ErrorCode::not_found, fmt::format("no peer {}", id.text()), "NET-04");
  ONYX_ASSIGN_OR_RETURN(const auto self, handle());
  if (*group != self.group) {
    return failure(ErrorCode::failed_precondition,
                   fmt::format("peer {} belongs to group {}: ask that daemon to remove it",
                               id.text(), group->text()),
                   "NET-47");
  }
  ONYX_ASSIGN_OR_RETURN(const Position position, group_.remove_peer(id));
  ONYX_ASSIGN_OR_RETURN(const auto snapshot, applied(position, call));
  return RemovePeerView{id, peers_in(*snapshot, self.group)};
}

Answer<DrainView> DaemonBackend::drain_group(const GroupId& id, bool stop, const Call& call) {
  const auto unknown = [&] {
    return failure(ErrorCode::not_found, fmt::format("no group {}", id.text()), "NET-04");
  };
  Snapshot replica = feed_.replica();
  const replica::Group* before = replica->groups.find(id);
  if (before == nullptr) return unknown();
  DrainView view;
  if (!before->drained || stop) {
    coordination::DrainGroup drain;
    drain.group = id;
    drain.stop = stop;
    ONYX_ASSIGN_OR_RETURN(const Position position, append(drain, call));
    view.position = position;
    // Somebody may have been quicker, and its group have left meanwhile.
    const Snapshot after = feed_.replica();
    if (after->groups.contains(id)) replica = after;
  }
  const replica::Group* group = replica->groups.find(id);
  if (group == nullptr) return unknown();
  view.group = group_view(*group, *replica);
  view.peers = static_cast<std::int32_t>(
      group->drained ? group->drained->peers : static_cast<std::int64_t>(group->peers.size()));
  if (!stop || view.group.is_self) return view;
  view.has_left = feed_.wait_for([&](const Replica& r) { return !r.groups.contains(id); },
                                 call.deadline, call.is_abandoned) != nullptr;
  if (view.has_left) return view;
  return failure(ErrorCode::deadline_exceeded,
                 fmt::format("group {} is drained, but its daemon has not left yet", id.text()),
                 "NET-11");
}

Answer<UndrainView> DaemonBackend::undrain_group(const GroupId& id, const Call& call) {
  const Snapshot before = feed_.replica();
  const replica::Group* drained = before->groups.find(id);
  if (drained == nullptr)
    return failure(ErrorCode::not_found, fmt::format("no group {}", id.text()), "NET-04");
  UndrainView view;
  if (!drained->drained) {
    view.group = group_view(*drained, *before);
    view.peers = view.group.peers;
    return view;
  }
  ONYX_ASSIGN_OR_RETURN(view.position, append(coordination::UndrainGroup{id}, call));
  const auto after = feed_.wait_for(
      [&](const Replica& r) {
        const replica::Group* group = r.groups.find(id);
        return group == nullptr || group->drained || !group->peers.empty();
      },
      call.deadline, call.is_abandoned);
  if (after == nullptr) {
    return failure(ErrorCode::deadline_exceeded,
                   fmt::format("group {} is not drained any more, but its daemon has not brought "
                               "its peers back yet",
                               id.text()),
                   "NET-11");
  }
  const replica::Group* group = after->groups.find(id);
  if (group == nullptr) {
    return failure(ErrorCode::not_found, fmt::format("group {} has left the cluster", id.text()),
                   "NET-04");
  }
  view.group = group_view(*group, *after);
  view.peers = view.group.peers;
  return view;
}

Answer<GcView> DaemonBackend::gc(const Call& call) {
  ONYX_ASSIGN_OR_RETURN(const auto self, handle());
  GcView view;
  ONYX_ASSIGN_OR_RETURN(const auto before, self.cluster->log().origin());
  view.origin_before = std::max<Position>(before.position, 0);
  std::int64_t ended = 0;
  for (const replica::FinishedJob& job : feed_.replica()->finished)
    ended += job.collected() ? 0 : 1;
  ONYX_ASSIGN_OR_RETURN(view.position, append(coordination::Gc{ids_.uuid()}, call));
  view.jobs_forgotten = ended;
  // The origin moves, and entries go, after the entry has been applied.
  for (;;) {
    ONYX_ASSIGN_OR_RETURN(const auto after, self.cluster->log().origin());
    if (after.position >= view.position) {
      view.origin = after.position;
      break;
    }
    if (feed_.wait_for([](const replica::Replica&) { return false; },
                       std::min<Instant>(call.deadline,
                                         runtime::Workers::now() + std::chrono::milliseconds(20)),
                       call.is_abandoned) == nullptr &&
        (runtime::Workers::now() >= call.deadline || call.is_abandoned())) {
      return failure(ErrorCode::deadline_exceeded,
                     "the gc entry is applied, the log is still being truncated", "NET-11");
    }
  }
  view.entries_deleted = view.origin - view.origin_before;
  return view;
}

}  // namespace onyx::service
