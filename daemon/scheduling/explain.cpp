#include "daemon/scheduling/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/replica/queries.h"
#include "daemon/scheduling/reallocate.h"

namespace onyx::scheduling {

using replica::Job;
using replica::JobScheduler;
using replica::Replica;
using replica::Requirement;

namespace {

std::int64_t least_of(const replica::JobSpec& spec) {
  std::int64_t least = 0;
  for (const auto& task : spec.tasks) least += task.min_peers;
  return least;
}

std::int64_t peers_with(const Replica& replica, const Requirement& requirement) {
  std::int64_t count = 0;
  for (const auto& pool : *replica.pools) {
    if (qualifies(pool.capability, requirement)) count += pool.peers;
  }
  return count;
}

TaskNeed need_of(const Replica& replica, const replica::TaskSpec& task, std::int64_t has) {
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
  need.lacks_tags =
      !task.required_tags.empty() && peers_with(replica, {task.required_tags, {}}) < task.min_peers;
  need.lacks_plugin =
      !task.plugin.empty() && peers_with(replica, {{}, task.plugin}) < task.min_peers;
  return need;
}

Reason reason_of(const Explanation& e, const JobView& view) {
  if (e.has > 0) return Reason::running;
  if (e.peers == 0) return Reason::no_peers;
  for (const TaskNeed& task : e.tasks) {
    if (task.lacks_plugin) return Reason::missing_plugin;
  }
  for (const TaskNeed& task : e.tasks) {
    if (task.lacks_tags) return Reason::missing_tags;
  }
  if (e.needs > e.peers) return Reason::too_few_peers;
  if (view.out != Out::no) {
    return e.holders.empty() ? Reason::unplaceable : Reason::held_by_others;
  }
  if (e.job_scheduler == JobScheduler::percentage && e.offered == 0) return Reason::no_percentage;
  return e.holders.empty() ? Reason::unplaceable : Reason::held_by_others;
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
  e.needs = least_of(*job->spec);
  e.has = replica::peers_of(*job);
  e.restarts = job->restarts;
  for (std::size_t t = 0; t < job->spec->tasks.size(); ++t) {
    e.tasks.push_back(
        need_of(replica, job->spec->tasks[t], static_cast<std::int64_t>(job->seats[t].size())));
  }
  for (const Job& other : replica.jobs) {
    if (other.submitted_at < job->submitted_at) ++e.ahead;
    if (other.submitted_at == job->submitted_at || !other.has_peers()) continue;
    e.holders.push_back(
        {other.id, other.spec->name, replica::peers_of(other), least_of(*other.spec)});
  }
  std::stable_sort(e.holders.begin(), e.holders.end(),
                   [](const Holder& a, const Holder& b) { return a.peers > b.peers; });
  const Pass pass = plan_pass(replica, {});
  for (const JobView& view : pass.problem.jobs) {
    if (view.job->submitted_at != job->submitted_at) continue;
    e.offered = view.use;
    e.qualified = view.qualified;
    e.reason = reason_of(e, view);
  }
  return e;
}

namespace {

std::string peers_text(std::int64_t count) {
  return fmt::format("{} {}", count, count == 1 ? "peer" : "peers");
}

std::string task_list(const Explanation& e) {
  std::string text;
  for (const TaskNeed& task : e.tasks) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " · ", task.task.text(), task.min);
  }
  return text;
}

std::string scheduler_name(JobScheduler scheduler) {
  switch (scheduler) {
    case JobScheduler::greedy:
      return "greedy";
    case JobScheduler::balanced:
      return "balanced";
    case JobScheduler::percentage:
      return "percentage";
  }
  return "unknown";
}

void add_holders(const Explanation& e, std::string& text) {
  constexpr std::size_t kShown = 5;
  for (std::size_t i = 0; i < std::min(kShown, e.holders.size()); ++i) {
    const Holder& h = e.holders[i];
    text += fmt::format("  held            {} by job {}{} (it needs {})\n", peers_text(h.peers),
                        h.job.text(), h.name.empty() ? "" : " " + h.name, h.least);
  }
  if (e.holders.size() > kShown) {
    text += fmt::format("                  and {} jobs more\n", e.holders.size() - kShown);
  }
}

void add_lacking(const Explanation& e, std::string& text) {
  for (const TaskNeed& task : e.tasks) {
    if (task.qualified >= task.min) continue;
    std::string what;
    if (task.lacks_plugin) what = fmt::format("the plugin :{}", task.plugin);
    if (task.lacks_tags) {
      std::string tags;
      for (const auto& tag : task.tags) tags += (tags.empty() ? ":" : " :") + tag;
      what += fmt::format("{}the tags {}", what.empty() ? "" : " and ", tags);
    }
    if (what.empty()) what = "both its tags and its plugin";
    text += fmt::format("  task {} needs {} with {}; the cluster has {}\n", task.task.text(),
                        peers_text(task.min), what, task.qualified);
  }
}

std::string headline(const Explanation& e) {
  const std::int64_t short_by = std::max<std::int64_t>(0, e.needs - e.peers);
  switch (e.reason) {
    case Reason::unknown:
      return "is not known here: never submitted, or forgotten since";
    case Reason::completed:
      return "has completed";
    case Reason::killed:
      return "was killed" + (e.why.empty() ? "" : ": " + e.why);
    case Reason::running:
      return fmt::format("runs on {}{}", peers_text(e.has),
                         e.restarts == 0 ? ""
                                         : fmt::format(", started over {} {}", e.restarts,
                                                       e.restarts == 1 ? "time" : "times"));
    case Reason::no_peers:
      return "waits: the cluster has no peers";
    case Reason::missing_plugin:
      return "waits: no daemon that has a plugin it needs has enough peers";
    case Reason::missing_tags:
      return "waits: too few peers have the tags that a task requires";
    case Reason::too_few_peers:
      return fmt::format("waits: it needs {}, the cluster has {}: {} more", peers_text(e.needs),
                         e.peers, short_by);
    case Reason::no_percentage:
      return "waits: jobs with a higher percentage use up the whole";
    case Reason::held_by_others:
      return fmt::format("waits: it needs {}, {} free, other jobs hold the rest",
                         peers_text(e.needs), e.idle == 1 ? "1 is" : fmt::format("{} are", e.idle));
    case Reason::unplaceable:
      return "waits: there are enough peers, but tags, plugins or machines do not work out "
             "together";
  }
  return "";
}

std::string help(const Explanation& e) {
  switch (e.reason) {
    case Reason::no_peers:
    case Reason::too_few_peers:
      return fmt::format("onyxctl peer add {}", std::max<std::int64_t>(1, e.needs - e.peers));
    case Reason::held_by_others:
      return fmt::format("onyxctl peer add {}, or wait for a job to end, or kill one",
                         std::max<std::int64_t>(1, e.needs - e.idle));
    case Reason::missing_plugin:
      return "start a daemon that has the plugin";
    case Reason::missing_tags:
      return "start peers with these tags (:onyx.peer/tags)";
    case Reason::no_percentage:
      return "lower the :percentage of other jobs, or wait for one to end";
    case Reason::unplaceable:
      return "add peers that have the tags and plugins of the tasks above";
    default:
      return "";
  }
}

}  // namespace

std::string explain_text(const Explanation& e) {
  std::string text = fmt::format("job {} {}\n", e.job.text(), headline(e));
  if (e.tasks.empty()) return text;
  text += fmt::format("  needs {:<9} {}\n", peers_text(e.needs), task_list(e));
  text +=
      fmt::format("  cluster         {}, {} idle, {} of use to this job · {} {} · {} scheduler\n",
                  peers_text(e.peers), e.idle, e.qualified, e.groups,
                  e.groups == 1 ? "group" : "groups", scheduler_name(e.job_scheduler));
  if (e.reason == Reason::running) return text;
  if (e.reason != Reason::no_peers && e.reason != Reason::too_few_peers) add_lacking(e, text);
  if (e.reason == Reason::held_by_others || e.reason == Reason::no_percentage ||
      e.reason == Reason::unplaceable) {
    add_holders(e, text);
  }
  const std::string advice = help(e);
  if (!advice.empty()) text += fmt::format("  help            {}\n", advice);
  return text;
}

}  // namespace onyx::scheduling
