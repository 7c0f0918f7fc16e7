#include <algorithm>

#include "daemon/scheduling/task_schedulers/task_schedulers.h"

namespace onyx::scheduling {

namespace {

std::int64_t percentage(const TaskView& task) { return task.spec->percentage_ppm; }

// Whole parts of pct · n / sum, then one each to the largest remainders, the earlier task on a tie.
void allot(std::vector<TaskView*>& open, std::int64_t n, std::int64_t sum) {
  std::vector<std::pair<std::int64_t, std::size_t>> remainders;
  std::int64_t rest = n;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const std::int64_t share = percentage(*open[i]) * n;
    open[i]->plan = share / sum;
    rest -= open[i]->plan;
    remainders.emplace_back(-(share % sum), i);
  }
  std::sort(remainders.begin(), remainders.end());
  for (const auto& [remainder, i] : remainders) {
    if (rest-- <= 0) break;
    ++open[i]->plan;
  }
}

}  // namespace

void split_percentage(Problem& problem, const JobView& job) {
  std::int64_t n = job.use;
  std::vector<TaskView*> open;
  for (TaskView& task : problem.tasks_of(job)) {
    if (task.pinned) {
      task.plan = task.current;
      n -= task.current;
    } else {
      open.push_back(&task);
    }
  }
  const auto fix = [&](auto&& condition, auto&& value) {
    bool any = false;
    std::erase_if(open, [&](TaskView* task) {
      if (!condition(*task)) return false;
      task->plan = value(*task);
      any = true;
      return true;
    });
    return any;
  };
  while (!open.empty()) {
    // What was fixed stays fixed; the others share what is left by their percentages.
    std::int64_t rest = n;
    for (const TaskView& task : problem.tasks_of(job)) {
      if (!task.pinned && std::find(open.begin(), open.end(), &task) == open.end())
        rest -= task.plan;
    }
    std::int64_t sum = 0;
    for (const TaskView* task : open) sum += std::max<std::int64_t>(1, percentage(*task));
    const auto share_below_min = [&](const TaskView& task) {
      return percentage(task) * rest < task.min * sum;
    };
    if (fix(share_below_min, [](const TaskView& task) { return task.min; })) continue;
    allot(open, rest, sum);
    if (!fix([](const TaskView& task) { return task.plan > task.max; },
             [](const TaskView& task) { return task.max; })) {
      break;
    }
  }
}

}  // namespace onyx::scheduling
