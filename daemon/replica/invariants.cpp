#include "daemon/replica/invariants.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/replica/queries.h"

namespace onyx::replica {

namespace {

using Violations = std::vector<Violation>;

template <class... Args>
void require(Violations& out, const char* rule, bool holds, const char* invariant,
             fmt::format_string<Args...> format, Args&&... args) {
  if (!holds) out.push_back({rule, invariant, fmt::format(format, std::forward<Args>(args)...)});
}

void check_ring(const Replica& r, Violations& out) {
  const Membership& ring = *r.membership;
  const std::set<GroupId> joined(ring.joined.begin(), ring.joined.end());
  require(out, "I3", joined.size() == ring.joined.size(), "ring: a group has joined once",
          "{} of {}", joined.size(), ring.joined.size());

  if (joined.size() < 2) {
    require(out, "I3", ring.pairs.empty(), "ring: fewer than two groups watch no one", "{} pairs",
            ring.pairs.size());
  } else {
    std::set<GroupId> seen;
    GroupId at = *joined.begin();
    while (seen.insert(at).second) {
      const auto next = ring.pairs.find(at);
      if (next == ring.pairs.end()) break;
      at = next->second;
    }
    require(out, "I3",
            seen == joined && ring.pairs.size() == joined.size() && at == *joined.begin(),
            "ring: pairs are one cycle over the joined groups", "{} reached of {}, {} pairs",
            seen.size(), joined.size(), ring.pairs.size());
  }

  std::map<GroupId, int> joiners;
  for (const auto* joining : {&ring.prepared, &ring.accepted}) {
    for (const auto& [observer, joiner] : *joining) {
      require(out, "I3", joined.contains(observer), "ring: an observer has joined", "{}",
              observer.text());
      require(out, "I3", !joined.contains(joiner), "ring: a joiner has not joined", "{}",
              joiner.text());
      require(out, "I3", ++joiners[joiner] == 1, "ring: a joiner has one observer", "{}",
              joiner.text());
    }
  }
  for (const auto& [observer, joiner] : ring.prepared) {
    require(out, "I3", !ring.accepted.contains(observer), "ring: an observer brings in one joiner",
            "{}", observer.text());
  }
  for (const auto& [group, failures] : ring.aborted) {
    require(out, "I3",
            !joined.contains(group) && !joiners.contains(group) && !ring.left.contains(group),
            "ring: an aborted group is nothing else", "{}", group.text());
  }
  for (const auto& [group, when] : ring.left) {
    require(out, "I3",
            !joined.contains(group) && !joiners.contains(group) && !r.groups.contains(group),
            "ring: a group that left is nowhere", "{}", group.text());
  }
  for (const Group& group : r.groups) {
    require(out, "I4", group.joined == joined.contains(group.id),
            "groups: marked joined exactly when joined", "{}", group.id.text());
  }
  for (const GroupId& group : joined) {
    require(out, "I4", r.groups.contains(group), "groups: a joined group is known", "{}",
            group.text());
  }
}

void check_peers(const Replica& r, Violations& out) {
  std::size_t indexed = 0;
  for (const Group& group : r.groups) {
    indexed += group.peers.size();
    require(out, "I4", !group.drained || group.peers.empty(), "groups: a drained one has no peers",
            "{}: {}", group.id.text(), group.peers.size());
    require(out, "I4", std::is_sorted(group.peers.begin(), group.peers.end()),
            "groups: peers are in the order of ids", "{}", group.id.text());
    for (const PeerId& id : group.peers) {
      const Peer* peer = r.peers.find(id);
      require(out, "I4", peer != nullptr && peer->group == group.id,
              "groups: a group's peer is known, and is its own", "{} of {}", id.text(),
              group.id.text());
    }
  }
  require(out, "I4", indexed == r.peers.size(), "peers: every peer is in its group's index",
          "{} indexed, {} peers", indexed, r.peers.size());

  std::vector<std::int64_t> members(r.pools->size(), 0);
  for (const Peer& peer : r.peers) {
    const Group* group = r.groups.find(peer.group);
    if (group == nullptr) {
      require(out, "I4", false, "peers: every peer has a group", "{}", peer.id.text());
      continue;
    }
    const bool schedulable = peer.pool >= 0;
    require(out, "I4", schedulable == group->joined,
            "peers: schedulable exactly when the group has joined", "{}", peer.id.text());
    if (!schedulable) {
      require(out, "I4", !peer.seat, "peers: an orphan has no task", "{}", peer.id.text());
      continue;
    }
    const auto index = static_cast<std::size_t>(peer.pool);
    if (index >= r.pools->size()) {
      require(out, "I4", false, "pools: a peer's pool exists", "{}", peer.id.text());
      continue;
    }
    const Pool& pool = (*r.pools)[index];
    ++members[index];
    require(out, "I4", pool.capability == Capability{peer.tags, group->plugins},
            "pools: a peer is in the pool of its capability", "{}", peer.id.text());
    require(out, "I4", pool.idle.contains(peer.id) == !peer.seat,
            "pools: idle exactly when without a task", "{}", peer.id.text());
    if (!peer.seat) continue;
    const Job* job = r.jobs.find(peer.seat->job);
    const auto task = static_cast<std::size_t>(peer.seat->task);
    const auto slot = static_cast<std::size_t>(peer.seat->slot);
    require(out, "I5",
            job != nullptr && task < job->seats.size() && slot < job->seats[task].size() &&
                job->seats[task][slot] == peer.id,
            "peers: a peer's seat and the job's seats agree", "{}", peer.id.text());
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    require(out, "I4", members[i] == (*r.pools)[i].peers, "pools: the count is right",
            "pool {}: {}, not {}", i, members[i], (*r.pools)[i].peers);
  }
}

void check_task(const Replica& r, const Job& job, std::size_t t, Violations& out) {
  const TaskSpec& task = job.spec->tasks[t];
  const auto& seats = job.seats[t];
  const auto count = static_cast<std::int64_t>(seats.size());
  require(out, "I6", count == 0 || count >= task.min_peers, "jobs: a task has at least its minimum",
          "{} {}: {} of {}", job.id.text(), task.id.text(), count, task.min_peers);
  require(out, "I6", !task.max_peers || count <= *task.max_peers,
          "jobs: a task has at most its maximum", "{} {}: {}", job.id.text(), task.id.text(),
          count);
  for (std::size_t slot = 0; slot < seats.size(); ++slot) {
    const Peer* peer = r.peers.find(seats[slot]);
    const Peer::Seat seat{job.submitted_at, static_cast<std::int32_t>(t),
                          static_cast<SlotId>(slot)};
    require(out, "I5", peer != nullptr && peer->seat == seat,
            "jobs: whoever sits on a task knows it, and sits on one", "{} {} slot {}",
            job.id.text(), task.id.text(), slot);
    if (peer == nullptr) continue;
    const Group* group = r.groups.find(peer->group);
    require(out, "I7",
            group != nullptr && qualifies({peer->tags, group->plugins}, requirement_of(task)),
            "jobs: a peer has the tags and the plugin of its task", "{} on {} {}", peer->id.text(),
            job.id.text(), task.id.text());
  }
}

void check_jobs(const Replica& r, Violations& out) {
  require(out, "I10", r.jobs.size() == r.job_index.size(), "jobs: the index has every live job",
          "{}, {}", r.jobs.size(), r.job_index.size());
  for (const Job& job : r.jobs) {
    const JobIndex* index = r.job_index.find(job.id);
    require(out, "I10", index != nullptr && index->submitted_at == job.submitted_at,
            "jobs: the index has every live job", "{}", job.id.text());
    require(out, "I10", !r.finished.contains(job.id), "jobs: live or finished, not both", "{}",
            job.id.text());
    require(out, "I11", job.submitted_at <= r.version && job.version <= r.version,
            "jobs: positions are not ahead of the log", "{}", job.id.text());
    if (job.seats.size() != job.spec->tasks.size() ||
        job.requirements.size() != job.spec->tasks.size()) {
      require(out, "I8", false, "jobs: seats for every task", "{}", job.id.text());
      continue;
    }
    std::size_t empty = 0;
    for (std::size_t t = 0; t < job.seats.size(); ++t) {
      if (job.seats[t].empty()) ++empty;
      check_task(r, job, t, out);
      const auto requirement = static_cast<std::size_t>(job.requirements[t]);
      require(out, "I7",
              requirement < r.requirements->size() &&
                  (*r.requirements)[requirement] == requirement_of(job.spec->tasks[t]),
              "jobs: a task's requirement is indexed", "{}", job.id.text());
    }
    require(out, "I6", empty == 0 || empty == job.seats.size(),
            "jobs: all tasks have peers or none has", "{}: {} empty of {}", job.id.text(), empty,
            job.seats.size());
    const bool seated = empty == 0 && !job.seats.empty();
    require(out, "I9", job.coordinator.has_value() == seated,
            "coordinators: exactly the jobs with peers have one", "{}", job.id.text());
    require(out, "I11", !seated || job.version >= job.submitted_at,
            "versions: a job with peers has a version", "{}", job.id.text());
    if (job.coordinator) {
      const Peer* peer = r.peers.find(*job.coordinator);
      require(out, "I9", peer != nullptr && peer->seat && peer->seat->job == job.submitted_at,
              "coordinators: one of the job's peers", "{}", job.id.text());
    }
    if (job.spec->task_scheduler == TaskScheduler::colocated && seated) {
      std::map<std::string, std::vector<std::size_t>> per_host;
      for (std::size_t t = 0; t < job.seats.size(); ++t) {
        for (const PeerId& id : job.seats[t]) {
          auto& counts = per_host[std::string(host_of(site_of(r, id)))];
          counts.resize(job.seats.size());
          ++counts[t];
        }
      }
      for (const auto& [host, counts] : per_host) {
        require(out, "I7",
                std::all_of(counts.begin(), counts.end(),
                            [first = counts.front()](std::size_t c) { return c == first; }),
                "colocation: a machine has whole chunks", "{} at {}", job.id.text(), host);
      }
    }
  }
  for (const FinishedJob& job : r.finished) {
    require(out, "I10", job.state == JobState::completed || job.state == JobState::killed,
            "jobs: a finished job has completed or was killed", "{}", job.id.text());
  }
}

}  // namespace

std::vector<Violation> violations(const Replica& replica) {
  Violations out;
  check_ring(replica, out);
  check_peers(replica, out);
  check_jobs(replica, out);
  return out;
}

std::vector<Violation> violations_between(const Replica& before, const Replica& after) {
  Violations out;
  require(out, "I11", before.version <= after.version, "versions: the replica's grows", "{} → {}",
          before.version, after.version);
  for (const Job& job : after.jobs) {
    require(out, "I10", !before.finished.contains(job.id), "jobs: what has ended stays ended", "{}",
            job.id.text());
    const Job* old = before.jobs.find(job.submitted_at);
    if (old == nullptr) continue;
    require(out, "I11", old->version <= job.version, "versions: a job's only grows", "{}: {} → {}",
            job.id.text(), old->version, job.version);
    require(out, "I11", old->seats == job.seats || job.version == after.version,
            "versions: a changed allocation has this entry's", "{}: {}", job.id.text(),
            job.version);
    require(out, "I11", job.version == old->version || job.version == after.version,
            "versions: a new one is this entry's", "{}: {}", job.id.text(), job.version);
  }
  for (const FinishedJob& job : before.finished) {
    const FinishedJob* now = after.finished.find(job.id);
    require(out, "I10", now == nullptr || now->state == job.state, "jobs: an end is final", "{}",
            job.id.text());
  }
  return out;
}

std::string to_text(const std::vector<Violation>& violations) {
  std::string text;
  for (const Violation& v : violations) text += v.invariant + " (" + v.found + ")\n";
  return text;
}

}  // namespace onyx::replica
