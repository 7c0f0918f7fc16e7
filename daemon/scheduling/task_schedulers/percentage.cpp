#include <algorithm>

#include "daemon/scheduling/task_schedulers/task_schedulers.h"

namespace onyx::scheduling {

namespace {

std::int64_t weight(const TaskView& task) {
  return std::max<std::int64_t>(1, task.spec->percentage_ppm);
}

// Those that share by their percentages what the others leave of the job's peers.
struct Open {
  std::vector<TaskView*> tasks;
  std::int64_t peers = 0;
  std::int64_t weights = 0;

  // A share is weight · peers / weights; it is compared without dividing.
  bool is_below_min(const TaskView& task) const {
    return weight(task) * peers < task.min * weights;
  }
  bool is_above_max(const TaskView& task) const {
    return task.max < peers && weight(task) * peers > task.max * weights;
  }

  // What the tasks at a bound take beyond their shares, times `weights`; negative: what they leave.
  std::int64_t taken() const {
    std::int64_t sum = 0;
    for (const TaskView* task : tasks) {
      if (is_below_min(*task)) sum += task->min * weights - weight(*task) * peers;
      if (is_above_max(*task)) sum += task->max * weights - weight(*task) * peers;
    }
    return sum;
  }

  // Gives the tasks in `at_bound` their number and leaves the rest to the others.
  void fix(const std::vector<TaskView*>& at_bound, std::int64_t TaskView::*bound) {
    for (TaskView* task : at_bound) {
      task->plan = task->*bound;
      peers -= task->plan;
      weights -= weight(*task);
      std::erase(tasks, task);
    }
  }
};

// Whole parts of the shares, then one each to the largest remainders, the earlier task on a tie.
void allot(const Open& open) {
  std::vector<std::pair<std::int64_t, std::size_t>> remainders;
  std::int64_t rest = open.peers;
  for (std::size_t i = 0; i < open.tasks.size(); ++i) {
    const std::int64_t share = weight(*open.tasks[i]) * open.peers;
    open.tasks[i]->plan = share / open.weights;
    rest -= open.tasks[i]->plan;
    remainders.emplace_back(-(share % open.weights), i);
  }
  std::sort(remainders.begin(), remainders.end());
  for (const auto& [remainder, i] : remainders) {
    if (rest-- <= 0) break;
    ++open.tasks[i]->plan;
  }
}

}  // namespace

// Whoever is below its minimum takes from the others' shares, whoever is above its maximum adds to them. Where both
// occur, the side that weighs more is fixed first: the other may not be at its bound any more after that.
void split_percentage(Problem& problem, const JobView& job) {
  Open open{.peers = job.use};
  for (TaskView& task : problem.tasks_of(job)) {
    if (task.pinned) {
      task.plan = task.current;
      open.peers -= task.current;
    } else {
      open.tasks.push_back(&task);
      open.weights += weight(task);
    }
  }
  while (!open.tasks.empty()) {
    const std::int64_t taken = open.taken();
    std::vector<TaskView*> low;
    std::vector<TaskView*> high;
    for (TaskView* task : open.tasks) {
      if (taken >= 0 && open.is_below_min(*task)) low.push_back(task);
      if (taken <= 0 && open.is_above_max(*task)) high.push_back(task);
    }
    if (low.empty() && high.empty()) break;
    open.fix(low, &TaskView::min);
    open.fix(high, &TaskView::max);
  }
  if (!open.tasks.empty()) allot(open);
}

}  // namespace onyx::scheduling
