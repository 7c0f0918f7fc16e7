#include "daemon/scheduling/problem.h"

#include <algorithm>
#include <bit>

#include "daemon/replica/queries.h"

namespace onyx::scheduling {

using replica::FluxPolicy;
using replica::Job;

namespace {

std::int64_t add(std::int64_t a, std::int64_t b) { return std::min(kNoLimit, a + b); }

std::int64_t qualified_for(const Problem& problem, const TaskView& task) {
  return problem.qualified[static_cast<std::size_t>(task.requirement)];
}

std::int64_t qualified_for_any(const Problem& problem, std::span<const TaskView> tasks) {
  std::int64_t most = 0;
  for (const TaskView& task : tasks) most = std::max(most, qualified_for(problem, task));
  if (most == problem.peers) return most;  // the usual case: no need to look at the pools
  std::int64_t count = 0;
  for (std::size_t pool = 0; pool < problem.replica->pools->size(); ++pool) {
    if (std::any_of(tasks.begin(), tasks.end(), [&](const TaskView& task) {
          return problem.may_run(pool, task.requirement);
        })) {
      count += (*problem.replica->pools)[pool].peers;
    }
  }
  return count;
}

}  // namespace

Problem pose_peers(const replica::Replica& replica) {
  Problem problem;
  problem.replica = &replica;
  const auto& requirements = *replica.requirements;
  problem.qualified.assign(requirements.size(), 0);
  problem.qualifies.reserve(replica.pools->size() * requirements.size());
  for (const auto& pool : *replica.pools) {
    problem.peers += pool.peers;
    for (std::size_t r = 0; r < requirements.size(); ++r) {
      const bool may = replica::qualifies(pool.capability, requirements[r]);
      problem.qualifies.push_back(may);
      if (may) problem.qualified[r] += pool.peers;
    }
  }
  return problem;
}

JobView& pose_job(Problem& problem, const Job& job, const Delta& delta) {
  JobView& view = problem.jobs.emplace_back();
  view.job = &job;
  view.submitted_at = job.submitted_at;
  view.first_task = problem.tasks.size();
  view.task_count = job.spec->tasks.size();
  const bool touched = !delta.jobs.empty() && delta.jobs.contains(job.submitted_at);
  for (std::size_t t = 0; t < view.task_count; ++t) {
    TaskView& task = problem.tasks.emplace_back();
    task.spec = &job.spec->tasks[t];
    task.requirement = job.requirements[t];
    task.current = touched ? seated(delta, job, t) : static_cast<std::int64_t>(job.seats[t].size());
  }
  view.qualified = qualified_for_any(problem, problem.tasks_of(view));
  for (const TaskView& task : problem.tasks_of(view)) {
    if (qualified_for(problem, task) < task.spec->min_peers) view.out = Out::unqualified;
  }
  return view;
}

// Room is made in powers of two: a size a little above that of the last pass would be fresh pages from the system each time.
Problem pose(const replica::Replica& replica, const Delta& delta) {
  Problem problem = pose_peers(replica);
  problem.jobs.reserve(std::bit_ceil(replica.jobs.size()));
  problem.tasks.reserve(std::bit_ceil(replica.jobs.size() * 4));
  for (const Job& job : replica.jobs) pose_job(problem, job, delta);
  return problem;
}

void set_bounds(Problem& problem) {
  for (JobView& job : problem.jobs) set_bounds(problem, job);
}

void set_bounds(Problem& problem, JobView& job) {
  const bool greedy = problem.replica->parameters->job_scheduler == replica::JobScheduler::greedy;
  // Under greedy a colocated job is given all it could use, also what it cannot cut into chunks.
  const bool colocated = job.is_colocated();
  const bool takes_all = greedy && colocated;
  std::int64_t most = 0;  // of the tasks' minima
  std::int64_t lower = 0;
  std::int64_t upper = 0;
  bool pinned = false;
  for (TaskView& task : problem.tasks_of(job)) {
    // Without its pins a job may give peers up, never gain any, as long as it has some.
    const bool gains_nothing = task.spec->flux == FluxPolicy::kill && task.current > 0;
    task.pinned = gains_nothing && !job.unpinned;
    task.fenced = task.spec->flux == FluxPolicy::recover && task.current > 0;
    if (task.pinned) {
      task.min = task.max = task.current;
      pinned = true;
    } else {
      task.min = task.spec->min_peers;
      task.max = std::min(task.spec->max_peers.value_or(kNoLimit), task.reach);
      if (task.spec->flux == FluxPolicy::recover) task.max = std::min(task.max, task.min);
      if (gains_nothing) task.max = std::min(task.max, task.current);
    }
    lower = add(lower, task.min);
    most = std::max(most, task.min);
    upper = add(upper, takes_all ? task.spec->max_peers.value_or(kNoLimit) : task.max);
  }
  // Whole chunks: every task has as many as the one that needs the most.
  if (colocated) lower = std::min(kNoLimit, most * static_cast<std::int64_t>(job.task_count));
  job.lower = lower;
  job.upper = upper;
  if (!pinned) job.upper = std::min(upper, job.job->spec->saturation.value_or(kNoLimit));
  job.use = 0;
}

bool is_as_planned(const Problem& problem) {
  return std::all_of(problem.tasks.begin(), problem.tasks.end(),
                     [](const TaskView& task) { return task.plan == task.current; });
}

JobView* stopped_by_pins(Problem& problem) {
  for (JobView& job : problem.jobs) {
    const bool runs = problem.tasks[job.first_task].plan > 0;
    if (job.out != Out::no || runs || job.unpinned) continue;
    const auto tasks = problem.tasks_of(job);
    if (std::any_of(tasks.begin(), tasks.end(), [](const TaskView& task) { return task.pinned; }))
      return &job;
  }
  return nullptr;
}

}  // namespace onyx::scheduling
