// A job: live from here on, running as soon as its minimum is covered.
#include <fmt/format.h>

#include <set>

#include "daemon/coordination/commands/commands.h"
#include "daemon/replica/index.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

namespace {

// What no daemon would write, but a log may hold: why the scheduler could not work with it.
std::optional<std::string> senseless(const replica::JobSpec& spec,
                                     replica::JobScheduler job_scheduler) {
  if (spec.tasks.empty()) return "it has no tasks";
  std::set<TaskId> ids;
  bool has_input = false;
  for (const replica::TaskSpec& task : spec.tasks) {
    if (task.id.empty() || !ids.insert(task.id).second) {
      return fmt::format("task name {:?} is empty or there twice", task.id.text());
    }
    has_input = has_input || task.kind == replica::TaskKind::input;
    constexpr std::int64_t kPeersMax = 1'000'000'000;
    if (task.min_peers < 1 || task.min_peers > kPeersMax ||
        (task.max_peers && *task.max_peers < task.min_peers)) {
      return fmt::format("task {} has no possible number of peers", task.id.text());
    }
    if (task.percentage_ppm < 0 || task.percentage_ppm > replica::kWholePpm) {
      return fmt::format("the percentage of task {} is not within 0 and 100", task.id.text());
    }
    if (spec.task_scheduler == replica::TaskScheduler::percentage && task.percentage_ppm == 0) {
      return fmt::format("task {} has no percentage, which its task scheduler needs",
                         task.id.text());
    }
  }
  if (!has_input) return "it has no input task";
  for (const replica::TaskSpec& task : spec.tasks) {
    for (const TaskId& to : task.egress) {
      if (!ids.contains(to)) {
        return fmt::format("task {} leads to {}, which is not there", task.id.text(), to.text());
      }
    }
  }
  if (spec.percentage_ppm < 0 || spec.percentage_ppm > replica::kWholePpm) {
    return "its percentage is not within 0 and 100";
  }
  if (job_scheduler == replica::JobScheduler::percentage && spec.percentage_ppm == 0) {
    return "it has no percentage, which the tenancy's job scheduler needs";
  }
  return std::nullopt;
}

}  // namespace

Change apply(const SubmitJob& command, Applying& a) {
  if (replica::find_job(a.replica, command.job) != nullptr) {
    return Rejected{Refusal::known, fmt::format("job {} was submitted before", command.job.text())};
  }
  if (a.replica.finished.contains(command.job)) {
    return Rejected{Refusal::finished, fmt::format("job {} has ended", command.job.text())};
  }
  if (command.job.empty() || command.spec == nullptr) {
    return Rejected{Refusal::invalid, "a job without id or tasks"};
  }
  if (const auto why = senseless(*command.spec, a.replica.parameters->job_scheduler)) {
    return Rejected{Refusal::invalid, fmt::format("job {}: {}", command.job.text(), *why)};
  }
  replica::Job job{.id = command.job,
                   .submitted_at = a.entry.position,
                   .submitted_at_ms = a.entry.created_at_ms,
                   .spec = command.spec};
  job.seats.resize(job.spec->tasks.size());
  for (const replica::TaskSpec& task : job.spec->tasks) {
    job.requirements.push_back(
        replica::requirement_index(a.replica, replica::requirement_of(task)));
  }
  a.replica.job_index.put({command.job, job.submitted_at});
  a.replica.jobs.put(std::move(job));
  scheduling::touch(a.delta, *a.replica.jobs.edit(a.entry.position));
  a.reschedule = true;
  return JobSubmitted{command.job};
}

}  // namespace onyx::coordination
