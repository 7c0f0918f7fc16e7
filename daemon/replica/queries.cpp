#include "daemon/replica/queries.h"

#include <algorithm>

namespace onyx::replica {

const Job* find_job(const Replica& replica, const JobId& id) {
  const JobIndex* index = replica.job_index.find(id);
  return index == nullptr ? nullptr : replica.jobs.find(index->submitted_at);
}

std::optional<JobState> state_of(const Replica& replica, const JobId& id) {
  if (const Job* job = find_job(replica, id)) {
    return job->has_peers() ? JobState::running : JobState::waiting;
  }
  if (const FinishedJob* finished = replica.finished.find(id)) return finished->state;
  return std::nullopt;
}

int task_index(const JobSpec& spec, const TaskId& task) {
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) {
    if (spec.tasks[i].id == task) return static_cast<int>(i);
  }
  return -1;
}

std::optional<Place> place_of(const Replica& replica, const PeerId& id) {
  const Peer* peer = replica.peers.find(id);
  if (peer == nullptr || !peer->seat) return std::nullopt;
  const Job* job = replica.jobs.find(peer->seat->job);
  if (job == nullptr) return std::nullopt;
  return Place{job->id, job->spec->tasks[static_cast<std::size_t>(peer->seat->task)].id,
               peer->seat->slot};
}

std::int64_t peers_of(const Job& job) {
  std::int64_t count = 0;
  for (const auto& task : job.seats) count += static_cast<std::int64_t>(task.size());
  return count;
}

const std::vector<PeerId>& peers_of(const Job& job, const TaskId& task) {
  static const std::vector<PeerId> kNone;
  const int index = task_index(*job.spec, task);
  return index < 0 ? kNone : job.seats[static_cast<std::size_t>(index)];
}

std::string_view site_of(const Replica& replica, const PeerId& id) {
  const Peer* peer = replica.peers.find(id);
  return peer == nullptr ? std::string_view() : std::string_view(peer->site);
}

std::string_view host_of(std::string_view site) { return site.substr(0, site.find(' ')); }

std::string_view addresses_of(std::string_view site) {
  const std::size_t blank = site.find(' ');
  return blank == std::string_view::npos ? site : site.substr(blank + 1);
}

std::optional<GroupId> group_of(const Replica& replica, const PeerId& id) {
  const Peer* peer = replica.peers.find(id);
  if (peer == nullptr) return std::nullopt;
  return peer->group;
}

std::vector<TaskId> ingress_of(const JobSpec& spec, const TaskId& task) {
  std::vector<TaskId> upstream;
  for (const TaskSpec& other : spec.tasks) {
    if (std::binary_search(other.egress.begin(), other.egress.end(), task)) {
      upstream.push_back(other.id);
    }
  }
  return upstream;
}

bool is_joined(const Replica& replica, const GroupId& id) {
  const Group* group = replica.groups.find(id);
  return group != nullptr && group->joined;
}

std::int64_t schedulable_peers(const Replica& replica) {
  std::int64_t count = 0;
  for (const Pool& pool : *replica.pools) count += pool.peers;
  return count;
}

std::int64_t idle_peers(const Replica& replica) {
  std::int64_t count = 0;
  for (const Pool& pool : *replica.pools) count += static_cast<std::int64_t>(pool.idle.size());
  return count;
}

bool qualifies(const Capability& capability, const Requirement& requirement) {
  if (!requirement.plugin.empty() && capability.plugins &&
      !std::binary_search(capability.plugins->begin(), capability.plugins->end(),
                          requirement.plugin)) {
    return false;
  }
  return std::includes(capability.tags.begin(), capability.tags.end(), requirement.tags.begin(),
                       requirement.tags.end());
}

Requirement requirement_of(const TaskSpec& task) { return {task.required_tags, task.plugin}; }

std::optional<GroupId> observer_of(const Membership& ring, const GroupId& watched) {
  for (const auto& [observer, subject] : ring.pairs) {
    if (subject == watched) return observer;
  }
  return std::nullopt;
}

namespace {

// The joined group that watches one which is not in the ring: the next in the order of ids.
const GroupId* keeper_of(const Membership& ring, const GroupId& outsider) {
  if (ring.joined.empty()) return nullptr;
  if (ring.pairs.empty()) return &ring.joined.front();
  const auto next = ring.pairs.upper_bound(outsider);
  return next == ring.pairs.end() ? &ring.pairs.begin()->first : &next->first;
}

// A group that dies between two attempts to join has no observer: without a keeper its peers would stay for ever.
void watch_outsiders(const Replica& replica, const GroupId& group, std::set<GroupId>& watched) {
  const Membership& ring = *replica.membership;
  if (replica.groups.size() == ring.joined.size()) return;
  std::set<GroupId> joining;
  for (const auto* phase : {&ring.prepared, &ring.accepted}) {
    for (const auto& [observer, joiner] : *phase) joining.insert(joiner);
  }
  if (replica.groups.size() == ring.joined.size() + joining.size()) return;
  for (const Group& other : replica.groups) {
    if (other.joined || joining.contains(other.id)) continue;
    const GroupId* keeper = keeper_of(ring, other.id);
    if (keeper != nullptr && *keeper == group) watched.insert(other.id);
  }
}

}  // namespace

std::set<GroupId> watched_by(const Replica& replica, const GroupId& group) {
  const Membership& ring = *replica.membership;
  std::set<GroupId> watched;
  if (const auto it = ring.pairs.find(group); it != ring.pairs.end()) watched.insert(it->second);
  for (const auto* joining : {&ring.prepared, &ring.accepted}) {
    for (const auto& [observer, joiner] : *joining) {
      if (observer == group) watched.insert(joiner);
      if (joiner == group) watched.insert(observer);
    }
  }
  watch_outsiders(replica, group, watched);
  watched.erase(group);
  return watched;
}

std::vector<Route> routes_of(const Job& job) {
  std::vector<Route> routes;
  if (!job.has_peers()) return routes;
  for (std::size_t t = 0; t < job.spec->tasks.size(); ++t) {
    const TaskSpec& task = job.spec->tasks[t];
    if (task.kind == TaskKind::input) {
      routes.push_back({task.id, std::nullopt, -1});
      continue;
    }
    for (const TaskId& upstream : ingress_of(*job.spec, task.id)) {
      for (const PeerId& from : peers_of(job, upstream)) {
        if (!task.grouped) {
          routes.push_back({task.id, from, -1});
          continue;
        }
        for (std::size_t slot = 0; slot < job.seats[t].size(); ++slot) {
          routes.push_back({task.id, from, static_cast<SlotId>(slot)});
        }
      }
    }
  }
  std::sort(routes.begin(), routes.end());
  return routes;
}

}  // namespace onyx::replica
