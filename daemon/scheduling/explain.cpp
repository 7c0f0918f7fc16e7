#include "daemon/scheduling/explain.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "daemon/replica/index.h"
#include "daemon/replica/queries.h"
#include "daemon/scheduling/job_schedulers/job_schedulers.h"
#include "daemon/scheduling/reallocate.h"

namespace onyx::scheduling {

using replica::Job;
using replica::JobScheduler;
using replica::Replica;
using replica::Requirement;

namespace {

// Colocated jobs are cut into whole chunks: every task has as many as the one that needs the most.
std::int64_t least_of(const Job& job) {
  const auto& tasks = job.spec->tasks;
  std::int64_t sum = 0;
  std::int64_t most = 0;
  for (const auto& task : tasks) {
    sum += task.min_peers;
    most = std::max(most, task.min_peers);
  }
  return job.spec->task_scheduler == replica::TaskScheduler::colocated
             ? most * static_cast<std::int64_t>(tasks.size())
             : sum;
}

std::int64_t peers_with(const Replica& replica, const Requirement& requirement) {
  std::int64_t count = 0;
  for (const auto& pool : *replica.pools) {
    if (qualifies(pool.capability, requirement)) count += pool.peers;
  }
  return count;
}

TaskNeed need_of(const Replica& replica, const replica::TaskSpec& task, std::int64_t has) {
  const std::int64_t peers = replica::schedulable_peers(replica);
  TaskNeed need{.task = task.id,
                .min = task.min_peers,
                .has = has,
                .tags = task.required_tags,
                .plugin = task.plugin};
  for (const auto& pool : *replica.pools) {
    if (!qualifies(pool.capability, requirement_of(task))) continue;
    need.qualified += pool.peers;
    need.idle += static_cast<std::int64_t>(pool.idle.size());
  }
  // What every peer has is not what is lacking: then there are too few peers.
  const auto is_lacking = [&](std::int64_t with_it) {
    return with_it < task.min_peers && with_it < peers;
  };
  need.lacks_tags =
      !task.required_tags.empty() && is_lacking(peers_with(replica, {task.required_tags, {}}));
  need.lacks_plugin = !task.plugin.empty() && is_lacking(peers_with(replica, {{}, task.plugin}));
  need.lacks_both = !need.lacks_tags && !need.lacks_plugin && is_lacking(need.qualified);
  return need;
}

// Whether it would run if no other job were there.
bool runs_alone(const Replica& replica, const Job& job) {
  Replica alone = replica;
  alone.jobs = {};
  Job fresh = job;
  for (auto& seats : fresh.seats) seats.clear();
  fresh.coordinator.reset();
  alone.jobs.put(std::move(fresh));
  std::vector<PeerId> seated;
  for (const replica::Peer& peer : alone.peers) {
    if (peer.seat) seated.push_back(peer.id);
  }
  for (const PeerId& peer : seated) alone.peers.edit(peer)->seat.reset();
  replica::reindex(alone);
  const Pass pass = plan_pass(alone, {});
  return pass.problem.jobs.front().use > 0 && pass.problem.jobs.front().out == Out::no;
}

bool wants_one_machine(const Job& job) {
  return job.spec->task_scheduler == replica::TaskScheduler::colocated;
}

// The job waits, and no number alone says why: the scheduler is asked.
Reason reason_of_contest(const Replica& replica, const Job& job, Problem& problem, Explanation& e) {
  const bool by_percentage = e.job_scheduler == JobScheduler::percentage;
  if (!runs_alone(replica, job)) {
    return wants_one_machine(job) ? Reason::no_machine : Reason::unplaceable;
  }
  if (!by_percentage) return Reason::held_by_others;
  bool is_chosen = false;
  for (const JobView* view : chosen_by_percentage(problem)) {
    is_chosen = is_chosen || view->job->submitted_at == job.submitted_at;
    if (!is_chosen) e.percentage_used += view->job->spec->percentage_ppm;
  }
  return is_chosen ? Reason::percentage_too_small : Reason::no_percentage;
}

Reason reason_of(const Replica& replica, const Job& job, Problem& problem, Explanation& e) {
  if (e.has > 0) return Reason::running;
  if (e.peers < e.needs && e.needs <= e.peers + e.not_joined) return Reason::not_joined;
  if (e.peers < e.needs && e.needs <= e.peers + e.not_joined + e.drained) return Reason::drained;
  if (e.peers == 0 && e.not_joined == 0) return Reason::no_peers;
  for (const TaskNeed& task : e.tasks) {
    if (task.lacks_plugin) return Reason::missing_plugin;
  }
  for (const TaskNeed& task : e.tasks) {
    if (task.lacks_tags) return Reason::missing_tags;
  }
  for (const TaskNeed& task : e.tasks) {
    if (task.lacks_both) return Reason::missing_both;
  }
  if (e.needs > e.peers) return Reason::too_few_peers;
  return reason_of_contest(replica, job, problem, e);
}

std::int64_t peers_of_largest_machine(const Replica& replica) {
  std::map<std::string_view, std::int64_t> machines;
  std::int64_t most = 0;
  for (const replica::Peer& peer : replica.peers) {
    if (peer.pool >= 0) most = std::max(most, ++machines[replica::host_of(peer.site)]);
  }
  return most;
}

std::int64_t pinned_peers(const Job& job) {
  std::int64_t count = 0;
  for (std::size_t t = 0; t < job.seats.size(); ++t) {
    if (job.spec->tasks[t].flux == replica::FluxPolicy::kill) {
      count += static_cast<std::int64_t>(job.seats[t].size());
    }
  }
  return count;
}

}  // namespace

Explanation explain(const Replica& replica, const JobId& id) {
  Explanation e{.job = id, .job_scheduler = replica.parameters->job_scheduler};
  e.peers = replica::schedulable_peers(replica);
  e.idle = replica::idle_peers(replica);
  e.groups = static_cast<std::int64_t>(replica.membership->joined.size());
  if (const auto* finished = replica.finished.find(id)) {
    e.reason = finished->state == replica::JobState::completed ? Reason::completed : Reason::killed;
    e.why = finished->reason;
    e.restarts = finished->restarts;
    return e;
  }
  const Job* job = replica::find_job(replica, id);
  if (job == nullptr) return e;
  e.needs = least_of(*job);
  e.has = replica::peers_of(*job);
  e.restarts = job->restarts;
  e.failures = job->failures;
  e.why = job->last_failure;
  e.not_joined = static_cast<std::int64_t>(replica.peers.size()) - e.peers;
  for (const replica::Group& group : replica.groups) {
    if (!group.drained || group.drained->peers == 0) continue;
    e.drained += group.drained->peers;
    e.drained_groups.push_back(group.id);
  }
  e.percentage_ppm = job->spec->percentage_ppm;
  if (wants_one_machine(*job)) e.machine_peers = peers_of_largest_machine(replica);
  for (std::size_t t = 0; t < job->spec->tasks.size(); ++t) {
    e.tasks.push_back(
        need_of(replica, job->spec->tasks[t], static_cast<std::int64_t>(job->seats[t].size())));
  }
  for (const Job& other : replica.jobs) {
    if (other.submitted_at < job->submitted_at) ++e.ahead;
    if (other.submitted_at == job->submitted_at || !other.has_peers()) continue;
    e.holders.push_back({other.id, other.spec->name, replica::peers_of(other), least_of(other),
                         pinned_peers(other)});
  }
  std::stable_sort(e.holders.begin(), e.holders.end(),
                   [](const Holder& a, const Holder& b) { return a.peers > b.peers; });
  Pass pass = plan_pass(replica, {});
  for (const JobView& view : pass.problem.jobs) {
    if (view.job->submitted_at != job->submitted_at) continue;
    e.offered = view.use;
    e.qualified = view.qualified;
  }
  e.reason = reason_of(replica, *job, pass.problem, e);
  return e;
}

}  // namespace onyx::scheduling
