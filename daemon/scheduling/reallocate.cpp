#include "daemon/scheduling/reallocate.h"

#include <algorithm>

#include "common/base/check.h"
#include "daemon/scheduling/coordinators.h"
#include "daemon/scheduling/job_schedulers/job_schedulers.h"
#include "daemon/scheduling/placement/colocation.h"
#include "daemon/scheduling/plan_changes.h"
#include "daemon/scheduling/standings.h"
#include "daemon/scheduling/task_schedulers/task_schedulers.h"

namespace onyx::scheduling {

using replica::Job;
using replica::Replica;

namespace {

// Rounds in which tasks are only capped, between two rounds that take a job out: enough for tags that compete,
// and a bound that depends on nothing but the problem.
constexpr int kCapRoundsMax = 16;

void forget_reach(Problem& problem) {
  for (TaskView& task : problem.tasks) task.reach = kNoLimit;
}

// Somebody turned out to take less: whoever gave its pins up for that may not need to.
void pin_again(Problem& problem) {
  for (JobView& job : problem.jobs) job.unpinned = false;
}

// What colocated jobs were given but cannot cut into chunks goes to others, but for the greedy scheduler, which lets
// the first job have all.
bool cap_colocated(Problem& problem) {
  if (problem.replica->parameters->job_scheduler == replica::JobScheduler::greedy) return false;
  bool any = false;
  for (const JobView& job : problem.jobs) {
    if (!job.is_colocated() || job.use == 0) continue;
    const std::int64_t chunks = problem.tasks[job.first_task].plan;
    if (job.use == chunks * static_cast<std::int64_t>(job.task_count)) continue;
    for (TaskView& task : problem.tasks_of(job)) {
      if (task.reach > chunks) any = true;
      task.reach = chunks;
    }
  }
  return any;
}

void cap_by_sites(Problem& problem, const Machines& machines) {
  for (JobView& job : problem.jobs) {
    if (!job.is_colocated()) continue;
    std::int64_t chunks = chunks_possible(problem, machines, job);
    for (const TaskView& task : problem.tasks_of(job)) {
      chunks = std::min(chunks, task.spec->max_peers.value_or(kNoLimit));
      if (task.spec->flux == replica::FluxPolicy::recover) {
        chunks = std::min(chunks, task.spec->min_peers);
      }
    }
    for (TaskView& task : problem.tasks_of(job)) {
      task.reach = std::min(task.reach, chunks);
      if (chunks < task.spec->min_peers && job.out == Out::no) job.out = Out::unqualified;
    }
  }
}

void cap_short_tasks(Problem& problem, const Placement& placement) {
  for (std::size_t t = 0; t < problem.tasks.size(); ++t) {
    TaskView& task = problem.tasks[t];
    if (placement.counts[t] < task.plan) task.reach = placement.counts[t];
  }
}

void carry_out(Replica& replica, Delta& delta, const Pass& pass) {
  const auto& jobs = pass.problem.jobs;
  std::vector<Seating> seatings;
  seatings.reserve(pass.placement->seatings.size());
  std::size_t job = 0;
  for (const auto& [task, peer] : pass.placement->seatings) {
    while (task >= jobs[job].first_task + jobs[job].task_count) ++job;
    seatings.push_back(
        {jobs[job].submitted_at, static_cast<std::int32_t>(task - jobs[job].first_task), peer});
  }
  // From here on the problem's pointers into the replica are void.
  rearrange(replica, delta, pass.placement->leaving, seatings);
}

}  // namespace

Pass plan_pass(const Replica& replica, const Delta& delta) {
  Pass pass{pose(replica, delta), std::nullopt};
  Problem& problem = pass.problem;
  const bool colocated = has_colocated(problem);
  const Machines machines = colocated ? machines_of(replica) : Machines{};
  if (colocated) cap_by_sites(problem, machines);
  int cap_rounds = 0;
  while (true) {
    set_bounds(problem);
    share(problem);
    for (const JobView& job : problem.jobs) split(problem, job);
    if (JobView* stopped = stopped_by_pins(problem)) {
      stopped->unpinned = true;  // they want more peers than there are, or more chunks than fit
      continue;
    }
    if (colocated && cap_colocated(problem)) {
      pin_again(problem);
      continue;
    }
    pass.placement.reset();
    if (is_as_planned(problem)) return pass;
    pass.placement = place(problem);
    if (pass.placement->failed) {
      problem.jobs[*pass.placement->failed].out = Out::unplaceable;
      forget_reach(problem);
      pin_again(problem);
      if (colocated) cap_by_sites(problem, machines);
      cap_rounds = 0;
      continue;
    }
    if (!pass.placement->is_short || ++cap_rounds > kCapRoundsMax) return pass;
    cap_short_tasks(problem, *pass.placement);
    pin_again(problem);
  }
}

void reallocate(Replica& replica, Delta& delta, Position position) {
  note_touched(replica, delta);
  const std::optional<Pass> quick = plan_changes(replica, delta);
  const Pass pass = quick ? *quick : plan_pass(replica, delta);
  if (pass.placement) carry_out(replica, delta, pass);
  settle(replica, delta, position);
  if (quick) {
    note_settled(replica, pass.problem);
  } else {
    note_touched(replica, delta);
  }
}

void settle(Replica& replica, Delta& delta, Position position) {
  close_holes(replica, delta);
  see_moves(delta);
  choose_coordinators(delta);
  give_versions(delta, position);
}

}  // namespace onyx::scheduling
