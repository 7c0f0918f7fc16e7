#include "daemon/scheduling/placement/colocation.h"

#include <algorithm>
#include <optional>

#include "daemon/replica/queries.h"

namespace onyx::scheduling {

using replica::Job;
using replica::Peer;
using replica::Replica;

namespace {

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

// Peers that a job must not lose to another: peer → the job's submission.
std::map<PeerId, Position> bound_peers(const Problem& problem) {
  std::map<PeerId, Position> bound;
  for (const JobView& job : problem.jobs) {
    for (std::size_t t = 0; t < job.task_count; ++t) {
      const TaskView& task = problem.tasks[job.first_task + t];
      if (task.plan == 0 || !(task.pinned || task.fenced)) continue;
      for (const PeerId& peer : job.job->seats[t]) {
        if (!peer.empty()) bound.emplace(peer, job.job->submitted_at);
      }
    }
  }
  return bound;
}

// The machines with peers of this job, by index.
std::set<std::size_t> machines_with(const Replica& replica, const Machines& machines,
                                    const Job& job) {
  std::set<std::size_t> found;
  for (const auto& seats : job.seats) {
    for (const PeerId& id : seats) {
      if (id.empty()) continue;
      const std::string_view name = replica::host_of(replica.peers.find(id)->site);
      const auto at = std::lower_bound(
          machines.begin(), machines.end(), name,
          [](const Machine& machine, std::string_view wanted) { return machine.name < wanted; });
      if (at != machines.end() && at->name == name)
        found.insert(static_cast<std::size_t>(at - machines.begin()));
    }
  }
  return found;
}

// Takes up to `wanted` chunks off `free`; `take` is told each one.
template <class Take>
std::int64_t cut(const Problem& problem, const JobView& job, std::vector<const Peer*>& free,
                 std::int64_t wanted, Take take) {
  std::int64_t done = 0;
  while (done < wanted && free.size() >= job.task_count) {
    const auto chunk = ChunkMatch(problem, job, free).find();
    if (!chunk) break;
    for (const Peer* peer : *chunk) std::erase(free, peer);
    take(*chunk);
    ++done;
  }
  return done;
}

// Whether every peer may run every task of the job, so that any peers of a machine make a chunk.
bool suits_all(const Problem& problem, const JobView& job) {
  const auto& pools = *problem.replica->pools;
  for (std::size_t pool = 0; pool < pools.size(); ++pool) {
    if (pools[pool].peers == 0) continue;
    for (const TaskView& task : problem.tasks_of(job)) {
      if (!problem.may_run(pool, task.requirement)) return false;
    }
  }
  return true;
}

}  // namespace

bool has_colocated(const Problem& problem) {
  return std::any_of(problem.jobs.begin(), problem.jobs.end(),
                     [](const JobView& job) { return job.is_colocated(); });
}

Machines machines_of(const Replica& replica) {
  std::map<std::string_view, std::vector<const Peer*>> by_name;
  for (const Peer& peer : replica.peers) {
    if (peer.pool >= 0) by_name[replica::host_of(peer.site)].push_back(&peer);
  }
  Machines machines;
  machines.reserve(by_name.size());
  for (auto& [name, peers] : by_name) machines.push_back({name, std::move(peers)});
  return machines;
}

Colocation colocate(const Problem& problem) {
  Colocation result;
  const Replica& replica = *problem.replica;
  Machines machines = machines_of(replica);  // what is left of them
  const auto bound = bound_peers(problem);
  for (const JobView& job : problem.jobs) {
    if (!job.is_colocated() || !job.covered()) continue;
    std::int64_t wanted = problem.tasks[job.first_task].plan;
    const auto take_from = [&](Machine& machine) {
      if (wanted == 0 || machine.peers.size() < job.task_count) return;
      std::vector<const Peer*> free = machine.peers;
      if (!bound.empty()) {
        std::erase_if(free, [&](const Peer* peer) {
          const auto owner = bound.find(peer->id);
          return owner != bound.end() && owner->second != job.job->submitted_at;
        });
      }
      wanted -= cut(problem, job, free, wanted, [&](const std::vector<const Peer*>& chunk) {
        for (std::size_t t = 0; t < chunk.size(); ++t) {
          std::erase(machine.peers, chunk[t]);
          result.taken.insert(chunk[t]->id);
          result.peers[job.first_task + t].push_back(chunk[t]->id);
        }
      });
    };
    // Machines that hold chunks of this job first: whoever is there stays.
    const std::set<std::size_t> here = machines_with(replica, machines, *job.job);
    for (const std::size_t m : here) take_from(machines[m]);
    for (std::size_t m = 0; m < machines.size() && wanted > 0; ++m) {
      if (!here.contains(m)) take_from(machines[m]);
    }
  }
  for (auto& [task, peers] : result.peers) std::sort(peers.begin(), peers.end());
  return result;
}

std::int64_t chunks_possible(const Problem& problem, const Machines& machines, const JobView& job) {
  const bool any_will_do = suits_all(problem, job);
  std::int64_t chunks = 0;
  for (const Machine& machine : machines) {
    if (any_will_do) {
      chunks += static_cast<std::int64_t>(machine.peers.size() / job.task_count);
      continue;
    }
    std::vector<const Peer*> free = machine.peers;
    chunks += cut(problem, job, free, kNoLimit, [](const std::vector<const Peer*>&) {});
  }
  return chunks;
}

}  // namespace onyx::scheduling
