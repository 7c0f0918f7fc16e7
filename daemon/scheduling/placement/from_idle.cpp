#include "daemon/scheduling/placement/from_idle.h"

#include <algorithm>

#include "daemon/scheduling/placement/hand.h"

namespace onyx::scheduling {

namespace {

class FromIdle {
 public:
  FromIdle(const Problem& problem, const Colocation& colocation)
      : problem_(problem), colocation_(colocation), hand_(problem, colocation) {}

  std::optional<Placement> run() {
    keep();
    hand_.ready();
    if (!fill()) return std::nullopt;
    std::sort(placement_.leaving.begin(), placement_.leaving.end());
    return std::move(placement_);
  }

 private:
  void keep() {
    counts_.reserve(problem_.tasks.capacity());
    const bool look_at_each = !colocation_.taken.empty();
    for (const JobView& job : problem_.jobs) {
      const bool colocated = job.is_colocated();
      for (std::size_t t = job.first_task; t < job.first_task + job.task_count; ++t) {
        const TaskView& task = problem_.tasks[t];
        if (colocated) {
          keep_chosen(t, seats_of(job, t));
        } else if (task.plan >= task.current && !look_at_each) {
          counts_.push_back(task.current);
        } else {
          keep_first(task.plan, task.current, seats_of(job, t));
        }
      }
    }
  }

  static const std::vector<PeerId>& seats_of(const JobView& job, std::size_t task) {
    return job.job->seats[task - job.first_task];
  }

  void keep_first(std::int64_t plan, std::int64_t current, const std::vector<PeerId>& seats) {
    std::int64_t kept = 0;
    // Without holes the first `plan` seats need no look.
    const bool is_dense = current == static_cast<std::int64_t>(seats.size());
    if (is_dense && colocation_.taken.empty()) {
      for (auto id = seats.begin() + plan; id != seats.end(); ++id) {
        placement_.leaving.push_back(*id);
        hand_.release(*id);
      }
      counts_.push_back(plan);
      return;
    }
    for (const PeerId& id : seats) {
      if (id.empty()) continue;
      const bool taken = hand_.is_taken(id);
      if (!taken && kept < plan) {
        ++kept;
        continue;
      }
      placement_.leaving.push_back(id);
      if (!taken) hand_.release(id);
    }
    counts_.push_back(kept);
  }

  // The peers of the chunks, and nobody else.
  void keep_chosen(std::size_t t, const std::vector<PeerId>& seats) {
    static const std::vector<PeerId> kNone;
    const auto found = colocation_.peers.find(t);
    const std::vector<PeerId>& chosen = found == colocation_.peers.end() ? kNone : found->second;
    for (const PeerId& id : seats) {
      if (id.empty() || std::binary_search(chosen.begin(), chosen.end(), id)) continue;
      placement_.leaving.push_back(id);
      if (!hand_.is_taken(id)) hand_.release(id);
    }
    counts_.push_back(static_cast<std::int64_t>(chosen.size()));
    for (const PeerId& id : chosen) {
      if (std::find(seats.begin(), seats.end(), id) != seats.end()) continue;
      chosen_.push_back({t, id});
    }
  }

  // By task: those chosen for its chunks, or the smallest idle ones.
  bool fill() {
    auto chosen = chosen_.begin();
    for (const JobView& job : problem_.jobs) {
      for (std::size_t t = job.first_task; t < job.first_task + job.task_count; ++t) {
        for (; chosen != chosen_.end() && chosen->task == t; ++chosen) {
          placement_.seatings.push_back(*chosen);
        }
        if (counts_[t] >= problem_.tasks[t].plan) continue;
        if (job.is_colocated() || !take(t)) return false;
      }
    }
    return true;
  }

  bool take(std::size_t t) {
    auto& seatings = placement_.seatings;
    const auto first = static_cast<std::ptrdiff_t>(seatings.size());
    for (; counts_[t] < problem_.tasks[t].plan; ++counts_[t]) {
      const auto peer = hand_.take(problem_.tasks[t].requirement);
      if (!peer) return false;
      seatings.push_back({t, *peer->id});
    }
    std::sort(seatings.begin() + first, seatings.end(),
              [](const auto& a, const auto& b) { return a.peer < b.peer; });
    return true;
  }

  const Problem& problem_;
  const Colocation& colocation_;
  Hand hand_;
  std::vector<std::int64_t> counts_;        // per task
  std::vector<Placement::Seating> chosen_;  // for chunks, by task
  Placement placement_;
};

}  // namespace

std::optional<Placement> place_from_idle(const Problem& problem, const Colocation& colocation) {
  return FromIdle(problem, colocation).run();
}

}  // namespace onyx::scheduling
