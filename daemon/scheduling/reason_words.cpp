#include "daemon/scheduling/reason_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace onyx::scheduling {

namespace {

using replica::JobScheduler;

constexpr std::size_t kKillsShown = 3;
constexpr std::size_t kGroupsShown = 3;

std::string count_of(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string peers(std::int64_t count) { return count_of(count, "peer"); }

std::string_view are(std::int64_t count) { return count == 1 ? "is" : "are"; }

std::string percent(std::int64_t ppm) {
  constexpr std::int64_t kPpmPerPercent = replica::kWholePpm / 100;
  return fmt::format("{}", static_cast<double>(ppm) / kPpmPerPercent) + " %";
}

std::string wanted_tags(const TaskNeed& task) {
  std::string tags;
  for (const std::string& tag : task.tags) tags += (tags.empty() ? ":" : " :") + tag;
  return tags;
}

// The first task that lacks more than peers.
const TaskNeed* short_task(const Explanation& e) {
  const auto at = std::find_if(e.tasks.begin(), e.tasks.end(),
                               [](const TaskNeed& task) { return task.qualified < task.min; });
  return at == e.tasks.end() ? nullptr : &*at;
}

std::string lacking(const Explanation& e, std::string_view what) {
  const TaskNeed* task = short_task(e);
  if (task == nullptr) return std::string(what);
  return fmt::format("task {} needs {} with {}, the cluster has {}", task->task.text(),
                     peers(task->min), what, task->qualified);
}

std::string plugin_of(const Explanation& e) {
  const TaskNeed* task = short_task(e);
  return task == nullptr ? "" : "the plugin :" + task->plugin;
}

std::string tags_of(const Explanation& e) {
  const TaskNeed* task = short_task(e);
  return task == nullptr ? "" : fmt::format("the tags {}", wanted_tags(*task));
}

std::string running(const Explanation& e) {
  std::string text = "runs on " + peers(e.has);
  if (e.restarts > 0) text += ", started over " + count_of(e.restarts, "time");
  if (e.failures > 0) {
    text += fmt::format(", {} of them after a failure, the last: {}", e.failures, e.why);
  }
  return text;
}

std::string held(const Explanation& e) {
  std::string text = fmt::format("waits: it needs {}, {} {} free, other jobs hold the rest",
                                 peers(e.needs), e.idle, are(e.idle));
  if (e.job_scheduler == JobScheduler::greedy) {
    text += "; the greedy job scheduler serves earlier jobs first, with all they can use";
  }
  return text;
}

std::string percentage_too_small(const Explanation& e) {
  return fmt::format("waits: it needs {}, its {} of {} come to {}, and the other jobs leave {}",
                     peers(e.needs), percent(e.percentage_ppm), peers(e.peers),
                     e.peers * e.percentage_ppm / replica::kWholePpm, e.idle);
}

}  // namespace

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::unknown:
      return "unknown";
    case Reason::completed:
      return "completed";
    case Reason::killed:
      return "killed";
    case Reason::running:
      return "running";
    case Reason::no_peers:
      return "no-peers";
    case Reason::missing_plugin:
      return "no-plugin";
    case Reason::missing_tags:
      return "missing-tags";
    case Reason::missing_both:
      return "missing-tags-and-plugin";
    case Reason::not_joined:
      return "not-joined";
    case Reason::drained:
      return "drained";
    case Reason::too_few_peers:
      return "not-enough-peers";
    case Reason::no_machine:
      return "no-machine";
    case Reason::unplaceable:
      return "unplaceable";
    case Reason::no_percentage:
      return "no-percentage";
    case Reason::percentage_too_small:
      return "percentage-too-small";
    case Reason::held_by_others:
      return "held-by-others";
  }
  return "";
}

std::string sentence(const Explanation& e) {
  switch (e.reason) {
    case Reason::unknown:
      return "is not known here: never submitted, or forgotten since";
    case Reason::completed:
      return "has completed";
    case Reason::killed:
      return "was killed" + (e.why.empty() ? "" : ": " + e.why);
    case Reason::running:
      return running(e);
    case Reason::no_peers:
      return fmt::format("waits: it needs {}, the cluster has none", peers(e.needs));
    case Reason::missing_plugin:
      return "waits: " + lacking(e, plugin_of(e));
    case Reason::missing_tags:
      return "waits: " + lacking(e, tags_of(e));
    case Reason::missing_both:
      return "waits: " + lacking(e, "both " + tags_of(e) + " and " + plugin_of(e));
    case Reason::not_joined:
      return fmt::format(
          "waits: it needs {}, the cluster has {}; {} more belong to groups that have not joined "
          "yet",
          peers(e.needs), e.peers, e.not_joined);
    case Reason::drained:
      return fmt::format("waits: it needs {}, the cluster has {}; {} more belong to drained groups",
                         peers(e.needs), e.peers, e.drained);
    case Reason::too_few_peers:
      return fmt::format("waits: it needs {}, the cluster has {}: {} more", peers(e.needs), e.peers,
                         e.needs - e.peers);
    case Reason::no_machine:
      return fmt::format(
          "waits: it is colocated, {} in chunks of {} on one machine; the largest machine has {}",
          peers(e.needs), e.tasks.size(), e.machine_peers);
    case Reason::unplaceable:
      return fmt::format(
          "waits: it needs {}, and of {} only {} can run a task of it: their tags and plugins do "
          "not work out together",
          peers(e.needs), e.peers, e.qualified);
    case Reason::no_percentage:
      return fmt::format(
          "waits: it asks for {}, and the jobs that are served before it have {} of the whole",
          percent(e.percentage_ppm), percent(e.percentage_used));
    case Reason::percentage_too_small:
      return percentage_too_small(e);
    case Reason::held_by_others:
      return held(e);
  }
  return "";
}

std::string note_of(const TaskNeed& task) {
  if (!task.lacks_tags && !task.lacks_plugin && !task.lacks_both) return "";
  std::string wanted = task.lacks_tags || task.lacks_both ? wanted_tags(task) : "";
  if (task.lacks_plugin || task.lacks_both) wanted += (wanted.empty() ? ":" : " :") + task.plugin;
  return fmt::format("wants {}, which {} {}", wanted, peers(task.qualified),
                     task.qualified == 1 ? "has" : "have");
}

std::vector<std::string> deeds(const Explanation& e) {
  const auto add = [](std::int64_t count) {
    return fmt::format("onyxctl peer add {}", std::max<std::int64_t>(1, count));
  };
  std::vector<std::string> out;
  switch (e.reason) {
    case Reason::no_peers:
    case Reason::too_few_peers:
      return {add(e.needs - e.peers)};
    case Reason::not_joined:
      return {"onyxctl group ls  shows which; they join by themselves", add(e.needs - e.peers)};
    case Reason::drained:
      for (const GroupId& group : e.drained_groups) {
        if (out.size() < kGroupsShown)
          out.push_back("onyxctl group undrain " + group.text().substr(0, 8));
      }
      out.push_back(add(e.needs - e.peers) + "  at a daemon whose group is not drained");
      return out;
    case Reason::missing_plugin:
      return {"start a daemon that has the plugin"};
    case Reason::missing_tags:
      return {"start a daemon with these :onyx.peer/tags"};
    case Reason::missing_both:
      return {"start a daemon that has the plugin, with these :onyx.peer/tags"};
    case Reason::no_machine:
      return {fmt::format(
          "onyxctl peer add {}  on one machine",
          std::max<std::int64_t>(1, static_cast<std::int64_t>(e.tasks.size()) - e.machine_peers))};
    case Reason::unplaceable:
      return {"start peers with the tags and plugins of its tasks"};
    case Reason::no_percentage:
      out = {"wait for a job to end", "submit it with a smaller :percentage"};
      break;
    case Reason::percentage_too_small:
      out = {add(e.needs - e.idle), "submit it with a larger :percentage"};
      break;
    case Reason::held_by_others:
      out = {add(e.needs - e.idle), "wait for a job to end"};
      break;
    default:
      return {};
  }
  for (std::size_t i = 0; i < std::min(kKillsShown, e.holders.size()); ++i) {
    out.push_back("onyxctl kill " + e.holders[i].job.text().substr(0, 8));
  }
  return out;
}

}  // namespace onyx::scheduling
