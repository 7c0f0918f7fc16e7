#include <algorithm>

#include "daemon/scheduling/task_schedulers/task_schedulers.h"
#include "daemon/scheduling/water_fill.h"

namespace onyx::scheduling {

namespace {

// Everyone at or below the level that an even split gives: no need to search for it.
bool split_evenly(std::span<TaskView> tasks, std::int64_t use) {
  const auto count = static_cast<std::int64_t>(tasks.size());
  const std::int64_t level = use / count;
  const std::int64_t more = use % count;
  for (const TaskView& task : tasks) {
    if (task.min > level || task.max <= level) return false;
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    tasks[i].plan = level + (static_cast<std::int64_t>(i) < more ? 1 : 0);
  }
  return true;
}

}  // namespace

void split_balanced(Problem& problem, const JobView& job) {
  const auto tasks = problem.tasks_of(job);
  if (split_evenly(tasks, job.use)) return;
  std::vector<Vessel> vessels;
  vessels.reserve(tasks.size());
  std::int64_t rest = job.use;
  for (const TaskView& task : tasks) {
    vessels.push_back({task.min, task.max});
    rest -= task.min;
  }
  water_fill(vessels, rest);
  for (std::size_t i = 0; i < tasks.size(); ++i) tasks[i].plan = vessels[i].level;
}

void split(Problem& problem, const JobView& job) {
  if (!job.covered()) {
    for (TaskView& task : problem.tasks_of(job)) task.plan = 0;
    return;
  }
  switch (job.job->spec->task_scheduler) {
    case replica::TaskScheduler::balanced:
      return split_balanced(problem, job);
    case replica::TaskScheduler::percentage:
      return split_percentage(problem, job);
    case replica::TaskScheduler::colocated:
      return split_colocated(problem, job);
  }
}

}  // namespace onyx::scheduling
