// One scheduling pass as numbers: what each job may use, needs and has, task by task.
//
// Shape:   jobs in submission order; their tasks, in topological order, lie one after another in `tasks`. A pass fills in
//          the fields from left to right: bounds → use → plan. No limit is kNoLimit, never a floating-point infinity.
// Words:   qualified peers may run at least one task of a job; a pinned task (flux :kill) keeps exactly the peers it has;
//          a fenced one (flux :recover) never gives one away. A job that is out takes no part in this round.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/replica/replica.h"
#include "daemon/scheduling/seating.h"

namespace onyx::scheduling {

inline constexpr std::int64_t kNoLimit = std::int64_t{1} << 50;

struct TaskView {
  const replica::TaskSpec* spec = nullptr;
  std::int32_t requirement = 0;  // index into Replica::requirements
  std::int64_t current = 0;      // peers it has
  std::int64_t min = 1;          // in this round: pinned tasks need what they have
  std::int64_t max = kNoLimit;  // in this round: also what tags, plugins and earlier tasks leave it
  std::int64_t reach = kNoLimit;  // peers that could be found for it in an earlier round
  bool pinned = false;
  bool fenced = false;
  std::int64_t plan = 0;  // peers it is to have
};

enum class Out : std::uint8_t {
  no,
  unqualified,  // a task has fewer qualified peers than its minimum
  unplaceable,  // a task's minimum could not be placed beside the jobs before it
};

struct JobView {
  const replica::Job* job = nullptr;
  Position submitted_at = -1;  // the job's
  std::size_t first_task = 0;
  std::size_t task_count = 0;
  std::int64_t qualified = 0;  // peers that may run at least one of its tasks
  std::int64_t lower = 0;      // least it can run with
  std::int64_t upper = 0;      // most it can use
  Out out = Out::no;
  bool unpinned =
      false;             // could not be covered with its pinned tasks as they are: it starts afresh
  std::int64_t use = 0;  // what the job scheduler gives it

  std::int64_t capacity() const { return upper < qualified ? upper : qualified; }
  bool is_colocated() const {
    return job->spec->task_scheduler == replica::TaskScheduler::colocated;
  }
  bool covered() const { return use > 0 && use >= lower; }
};

struct Problem {
  const replica::Replica* replica = nullptr;
  std::int64_t peers = 0;  // schedulable ones
  std::vector<JobView> jobs;
  std::vector<TaskView> tasks;
  std::vector<bool> qualifies;          // pool × requirement
  std::vector<std::int64_t> qualified;  // peers, per requirement

  std::span<TaskView> tasks_of(const JobView& job) {
    return {tasks.data() + job.first_task, job.task_count};
  }
  std::span<const TaskView> tasks_of(const JobView& job) const {
    return {tasks.data() + job.first_task, job.task_count};
  }
  bool may_run(std::size_t pool, std::int32_t requirement) const {
    return qualifies[pool * replica->requirements->size() + static_cast<std::size_t>(requirement)];
  }
};

// The problem that the replica poses, in the middle of an entry: holes do not count as peers.
Problem pose(const replica::Replica& replica, const Delta& delta);

// The same job by job: first the peers there are, then each of the jobs that are to be in it.
Problem pose_peers(const replica::Replica& replica);
JobView& pose_job(Problem& problem, const replica::Job& job, const Delta& delta);

// Bounds of the round, from what the job says, what is pinned and what was found to be out of reach.
void set_bounds(Problem& problem);
void set_bounds(Problem& problem, JobView& job);

// Once the plans are made: whether every task has what it is to have, and the first job that its pinned tasks keep from
// running, if there is one that has not given them up.
bool is_as_planned(const Problem& problem);
JobView* stopped_by_pins(Problem& problem);

}  // namespace onyx::scheduling
