#include "daemon/scheduling/placement/colocation.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "daemon/replica/queries.h"

namespace onyx::scheduling {

using replica::Peer;
using replica::Replica;

namespace {

using Hosts = std::map<std::string_view, std::vector<const Peer*>>;

bool is_colocated(const JobView& job) {
  return job.job->spec->task_scheduler == replica::TaskScheduler::colocated;
}

// A machine may have several daemons.
Hosts hosts_of(const Replica& replica) {
  Hosts hosts;
  for (const Peer& peer : replica.peers) {
    if (peer.pool >= 0) hosts[replica::host_of(peer.site)].push_back(&peer);
  }
  return hosts;
}

// One peer per task out of `free`, or nothing. A peer already on the task is tried first, then an idle one, then by id.
class ChunkMatch {
 public:
  ChunkMatch(const Problem& problem, const JobView& job, const std::vector<const Peer*>& free)
      : problem_(problem), job_(job), free_(free), holder_(free.size(), -1) {}

  std::optional<std::vector<const Peer*>> find() {
    for (std::size_t t = 0; t < job_.task_count; ++t) {
      std::vector<bool> tried(free_.size(), false);
      if (!assign(t, tried)) return std::nullopt;
    }
    std::vector<const Peer*> chunk(job_.task_count);
    for (std::size_t i = 0; i < free_.size(); ++i) {
      if (holder_[i] >= 0) chunk[static_cast<std::size_t>(holder_[i])] = free_[i];
    }
    return chunk;
  }

 private:
  int preference(const Peer& peer, std::size_t task) const {
    if (!peer.seat) return 1;
    const bool here = peer.seat->job == job_.job->submitted_at;
    return here && static_cast<std::size_t>(peer.seat->task) == task ? 0 : 2;
  }

  bool assign(std::size_t task, std::vector<bool>& tried) {
    const std::int32_t requirement = problem_.tasks_of(job_)[task].requirement;
    for (const int wanted : {0, 1, 2}) {
      for (std::size_t i = 0; i < free_.size(); ++i) {
        const Peer& peer = *free_[i];
        if (tried[i] || preference(peer, task) != wanted ||
            !problem_.may_run(static_cast<std::size_t>(peer.pool), requirement)) {
          continue;
        }
        tried[i] = true;
        if (holder_[i] < 0 || assign(static_cast<std::size_t>(holder_[i]), tried)) {
          holder_[i] = static_cast<int>(task);
          return true;
        }
      }
    }
    return false;
  }

  const Problem& problem_;
  const JobView& job_;
  const std::vector<const Peer*>& free_;
  std::vector<int> holder_;  // per peer: the task that has it
};

// Peers that another job's task must not lose.
std::set<PeerId> bound_elsewhere(const Problem& problem, const JobView& to) {
  std::set<PeerId> bound;
  for (const JobView& job : problem.jobs) {
    if (job.job == to.job) continue;
    for (std::size_t t = 0; t < job.task_count; ++t) {
      const TaskView& task = problem.tasks[job.first_task + t];
      if (task.plan == 0 || !(task.pinned || task.fenced)) continue;
      for (const PeerId& peer : job.job->seats[t]) {
        if (!peer.empty()) bound.insert(peer);
      }
    }
  }
  return bound;
}

std::int64_t seats_here(const JobView& job, const std::vector<const Peer*>& peers) {
  return std::count_if(peers.begin(), peers.end(), [&](const Peer* peer) {
    return peer->seat && peer->seat->job == job.job->submitted_at;
  });
}

// Takes up to `wanted` chunks; `take` is told each one.
std::int64_t cut(const Problem& problem, const JobView& job, const Hosts& hosts,
                 std::set<PeerId>& unavailable, std::int64_t wanted,
                 const std::function<void(const std::vector<const Peer*>&)>& take) {
  // Machines that hold chunks of this job first: whoever is there stays.
  std::vector<std::pair<bool, std::string_view>> order;
  for (const auto& [host, peers] : hosts) order.emplace_back(seats_here(job, peers) == 0, host);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::int64_t done = 0;
  for (const auto& [is_new, host] : order) {
    std::vector<const Peer*> free;
    for (const Peer* peer : hosts.at(host)) {
      if (!unavailable.contains(peer->id)) free.push_back(peer);
    }
    while (done < wanted && free.size() >= job.task_count) {
      const auto chunk = ChunkMatch(problem, job, free).find();
      if (!chunk) break;
      for (const Peer* peer : *chunk) {
        unavailable.insert(peer->id);
        std::erase(free, peer);
      }
      take(*chunk);
      ++done;
    }
  }
  return done;
}

}  // namespace

bool has_colocated(const Problem& problem) {
  return std::any_of(problem.jobs.begin(), problem.jobs.end(), is_colocated);
}

Colocation colocate(const Problem& problem) {
  Colocation result;
  const Hosts hosts = hosts_of(*problem.replica);
  for (const JobView& job : problem.jobs) {
    if (!is_colocated(job) || !job.covered()) continue;
    std::set<PeerId> unavailable = bound_elsewhere(problem, job);
    unavailable.insert(result.taken.begin(), result.taken.end());
    cut(problem, job, hosts, unavailable, problem.tasks[job.first_task].plan,
        [&](const std::vector<const Peer*>& chunk) {
          for (std::size_t t = 0; t < chunk.size(); ++t) {
            result.taken.insert(chunk[t]->id);
            result.peers[job.first_task + t].push_back(chunk[t]->id);
          }
        });
  }
  for (auto& [task, peers] : result.peers) std::sort(peers.begin(), peers.end());
  return result;
}

std::int64_t chunks_possible(const Problem& problem, const JobView& job) {
  std::set<PeerId> unavailable;
  return cut(problem, job, hosts_of(*problem.replica), unavailable, kNoLimit,
             [](const std::vector<const Peer*>&) {});
}

}  // namespace onyx::scheduling
