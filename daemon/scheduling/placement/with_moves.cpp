#include "daemon/scheduling/placement/with_moves.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "common/base/check.h"
#include "daemon/scheduling/placement/hand.h"

namespace onyx::scheduling {

namespace {

enum class Order { by_task, fair };

class Placer {
 public:
  Placer(const Problem& problem, const Colocation& colocation, Order order)
      : problem_(problem),
        colocation_(colocation),
        order_(order),
        hand_(problem, colocation),
        tasks_(problem.tasks.size()) {}

  Placement run() {
    keep();
    hand_.ready();
    if (order_ == Order::by_task) {
      for (std::size_t t = 0; t < tasks_.size(); ++t) {
        if (!fill(t, problem_.tasks[t].plan, false)) break;  // the fair order will do better
      }
    } else {
      fill_fairly();
    }
    return result();
  }

 private:
  struct TaskState {
    const std::vector<PeerId>* seats = nullptr;
    std::int64_t kept = 0;   // of those it had, the first so many by slot …
    bool loaded = false;     // … until they are looked at one by one
    std::vector<Held> held;  // loaded: those kept and not displaced
    std::vector<Held> added;
    std::int64_t count = 0;  // all it has
    bool movable = true;     // its peers may be displaced
    bool colocated = false;  // it has its peers by whole chunks, or not at all
  };

  void keep() {
    for (const JobView& job : problem_.jobs) {
      const bool colocated = job.is_colocated();
      for (std::size_t i = 0; i < job.task_count; ++i) {
        const std::size_t t = job.first_task + i;
        const TaskView& view = problem_.tasks[t];
        TaskState& task = tasks_[t];
        task.movable = !view.pinned && !view.fenced && !colocated;
        const auto& seats = job.job->seats[i];
        task.seats = &seats;
        task.colocated = colocated;
        if (colocated) {
          keep_colocated(t, seats);
        } else if (colocation_.taken.empty() && view.plan >= view.current) {
          task.kept = task.count = view.current;
        } else {
          keep_first(t, seats, view.plan);
        }
      }
    }
  }

  void keep_first(std::size_t t, const std::vector<PeerId>& seats, std::int64_t plan) {
    TaskState& task = tasks_[t];
    const bool look_at_each = !colocation_.taken.empty();
    for (const PeerId& id : seats) {
      if (id.empty()) continue;
      if (look_at_each && hand_.is_taken(id)) {
        leaving_.push_back(&id);
      } else if (task.count < plan) {
        ++task.count;
        if (look_at_each) {
          task.loaded = true;
          task.held.push_back({&id, hand_.pool_of(id)});
        }
      } else {
        leaving_.push_back(&id);
        hand_.release(id);
      }
    }
    if (!task.loaded) task.kept = task.count;
  }

  void keep_colocated(std::size_t t, const std::vector<PeerId>& seats) {
    TaskState& task = tasks_[t];
    task.loaded = true;
    const auto chosen = colocation_.peers.find(t);
    const auto has = [&](const PeerId& id) {
      return chosen != colocation_.peers.end() &&
             std::binary_search(chosen->second.begin(), chosen->second.end(), id);
    };
    for (const PeerId& id : seats) {
      if (id.empty()) continue;
      if (has(id)) {
        task.held.push_back({&id, hand_.pool_of(id)});
      } else {
        leaving_.push_back(&id);
        if (!hand_.is_taken(id)) hand_.release(id);
      }
    }
    if (chosen != colocation_.peers.end()) {
      for (const PeerId& id : chosen->second) {
        if (std::find(seats.begin(), seats.end(), id) == seats.end()) {
          task.added.push_back({&id, hand_.pool_of(id)});
        }
      }
    }
    task.count = static_cast<std::int64_t>(task.held.size() + task.added.size());
  }

  void add(std::size_t t, Held peer) {
    tasks_[t].added.push_back(peer);
    ++tasks_[t].count;
  }

  // Fills to `target`; false when the task stays short.
  bool fill(std::size_t t, std::int64_t target, bool may_steal) {
    if (tasks_[t].colocated) return tasks_[t].count >= target;
    while (tasks_[t].count < target) {
      if (const auto peer = hand_.take(problem_.tasks[t].requirement)) {
        add(t, *peer);
      } else if (!displace(t, may_steal)) {
        return false;
      }
    }
    return true;
  }

  bool is_greedy() const {
    return problem_.replica->parameters->job_scheduler == replica::JobScheduler::greedy;
  }

  // Greedy: an earlier job takes all it can before a later one gets anything. The others share.
  void fill_fairly() {
    if (!is_greedy()) return fill_fairly(0, tasks_.size());
    for (const JobView& job : problem_.jobs) {
      fill_fairly(job.first_task, job.first_task + job.task_count);
    }
  }

  // Minima first, then one at a time to the task with the fewest.
  void fill_fairly(std::size_t first, std::size_t end) {
    donors_ = {first, end};
    std::vector<std::size_t> open;
    for (std::size_t t = first; t < end; ++t) {
      const TaskView& view = problem_.tasks[t];
      if (view.plan > 0 && fill(t, std::min(view.min, view.plan), true)) open.push_back(t);
    }
    while (true) {
      std::erase_if(open, [&](std::size_t t) { return tasks_[t].count >= problem_.tasks[t].plan; });
      if (open.empty()) return;
      std::int64_t lowest = kNoLimit;
      for (const std::size_t t : open) lowest = std::min(lowest, tasks_[t].count);
      std::erase_if(open, [&](std::size_t t) {
        return tasks_[t].count == lowest && !fill(t, lowest + 1, false);
      });
    }
  }

  // --- displacement ---

  // Looks at those it has kept one by one; most tasks never need it.
  void load(TaskState& task) {
    if (task.loaded) return;
    task.loaded = true;
    for (const PeerId& id : *task.seats) {
      if (static_cast<std::int64_t>(task.held.size()) == task.kept) break;
      if (!id.empty()) task.held.push_back({&id, hand_.pool_of(id)});
    }
  }

  static const Held* smallest_of(const std::vector<Held>& peers, std::size_t pool) {
    const Held* best = nullptr;
    for (const Held& held : peers) {
      if (held.pool == pool && (best == nullptr || by_id(held, *best))) best = &held;
    }
    return best;
  }

  // A peer of that pool on the task: one that is new there if there is one, so that fewer move.
  const Held* holds(std::size_t t, std::size_t pool) {
    if (const Held* added = smallest_of(tasks_[t].added, pool)) return added;
    load(tasks_[t]);
    return smallest_of(tasks_[t].held, pool);
  }

  Held give_up(std::size_t t, std::size_t pool) {
    TaskState& task = tasks_[t];
    const Held peer = *holds(t, pool);
    const auto same = [&](const Held& held) { return held.id == peer.id; };
    if (std::erase_if(task.added, same) == 0) {
      std::erase_if(task.held, same);
      leaving_.push_back(peer.id);
    }
    --task.count;
    return peer;
  }

  // Finds room for one more peer on `t` by moving others along a shortest chain: breadth first, over tasks.
  bool displace(std::size_t t, bool may_steal) {
    if (!hand_.any() && !may_steal) return false;
    ++search_;
    steps_.resize(tasks_.size());
    steps_[t].search = search_;
    std::vector<bool> pool_seen(hand_.pools(), false);
    std::vector<std::size_t> reached{t};
    const auto shift = [&](std::size_t end) {
      for (std::size_t at = end; at != t; at = steps_[at].to) {
        add(steps_[at].to, give_up(at, steps_[at].pool));
      }
    };
    for (std::size_t next = 0; next < reached.size(); ++next) {
      const std::size_t at = reached[next];
      for (std::size_t pool = 0; pool < hand_.pools(); ++pool) {
        if (pool_seen[pool] || !problem_.may_run(pool, problem_.tasks[at].requirement)) continue;
        pool_seen[pool] = true;
        for (std::size_t other = 0; other < tasks_.size(); ++other) {
          if (steps_[other].search == search_ || !tasks_[other].movable ||
              tasks_[other].count == 0 || holds(other, pool) == nullptr) {
            continue;
          }
          steps_[other] = {search_, at, pool};
          if (const auto peer = hand_.take(problem_.tasks[other].requirement)) {
            shift(other);
            add(other, *peer);
            return true;
          }
          reached.push_back(other);
        }
      }
    }
    if (!may_steal) return false;
    std::optional<std::size_t> donor;
    for (const std::size_t other : reached) {
      const bool spare = other != t && other >= donors_.first && other < donors_.second &&
                         tasks_[other].count > problem_.tasks[other].min;
      if (spare && (!donor || std::tuple(tasks_[other].count, other) >
                                  std::tuple(tasks_[*donor].count, *donor))) {
        donor = other;
      }
    }
    if (!donor) return false;
    shift(*donor);
    return true;
  }

  // A peer that was taken off its task and came back to it in the end has stayed: it keeps its slot.
  void keep_returned() {
    std::set<PeerId> returned;
    for (const JobView& job : problem_.jobs) {
      for (std::size_t i = 0; i < job.task_count; ++i) {
        std::erase_if(tasks_[job.first_task + i].added, [&](const Held& peer) {
          const auto& seat = problem_.replica->peers.find(*peer.id)->seat;
          const bool was_here = seat && seat->job == job.job->submitted_at &&
                                static_cast<std::size_t>(seat->task) == i;
          if (was_here) returned.insert(*peer.id);
          return was_here;
        });
      }
    }
    if (returned.empty()) return;
    std::erase_if(leaving_, [&](const PeerId* id) { return returned.contains(*id); });
  }

  Placement result() {
    keep_returned();
    Placement placement;
    std::sort(leaving_.begin(), leaving_.end(),
              [](const PeerId* a, const PeerId* b) { return *a < *b; });
    for (const PeerId* id : leaving_) placement.leaving.push_back(*id);
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      auto& added = tasks_[t].added;
      std::sort(added.begin(), added.end(), by_id);
      for (const Held& peer : added) placement.seatings.push_back({t, *peer.id});
      placement.counts.push_back(tasks_[t].count);
      placement.is_short = placement.is_short || tasks_[t].count < problem_.tasks[t].plan;
    }
    for (std::size_t j = 0; j < problem_.jobs.size() && !placement.failed; ++j) {
      const JobView& job = problem_.jobs[j];
      if (!job.covered()) continue;
      for (std::size_t i = 0; i < job.task_count; ++i) {
        if (placement.counts[job.first_task + i] < problem_.tasks[job.first_task + i].min) {
          placement.failed = j;
        }
      }
    }
    return placement;
  }

  const Problem& problem_;
  const Colocation& colocation_;
  const Order order_;
  Hand hand_;
  std::vector<TaskState> tasks_;
  std::vector<const PeerId*> leaving_;
  // Of the search for a chain that reached a task last: the task that gets a peer from it, and of which pool.
  struct Step {
    std::uint64_t search = 0;
    std::size_t to = 0;
    std::size_t pool = 0;
  };
  std::vector<Step> steps_;
  std::uint64_t search_ = 0;
  std::pair<std::size_t, std::size_t>
      donors_{};  // tasks that may give up a peer for another's minimum
};

}  // namespace

Placement place_with_moves(const Problem& problem, const Colocation& colocation) {
  Placement placement = Placer(problem, colocation, Order::by_task).run();
  if (placement.is_short) placement = Placer(problem, colocation, Order::fair).run();
  return placement;
}

}  // namespace onyx::scheduling
