#include <algorithm>

#include "daemon/scheduling/task_schedulers/task_schedulers.h"

namespace onyx::scheduling {

void split_colocated(Problem& problem, const JobView& job) {
  const auto tasks = problem.tasks_of(job);
  std::int64_t chunks = job.use / static_cast<std::int64_t>(tasks.size());
  for (const TaskView& task : tasks) chunks = std::min(chunks, task.max);
  const bool enough = std::all_of(tasks.begin(), tasks.end(),
                                  [&](const TaskView& task) { return chunks >= task.min; });
  for (TaskView& task : tasks) task.plan = enough ? chunks : 0;
}

}  // namespace onyx::scheduling
