#include "common/model/planning.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <unordered_map>

#include "common/base/check.h"

namespace onyx::model {
namespace {

std::int64_t saturating_sum(std::int64_t a, std::int64_t b) {
  return a > std::numeric_limits<std::int64_t>::max() - b ? std::numeric_limits<std::int64_t>::max()
                                                          : a + b;
}

}  // namespace

const PlannedTask* Plan::task(const TaskId& name) const {
  const auto found = std::find_if(tasks.begin(), tasks.end(),
                                  [&](const PlannedTask& task) { return task.name == name; });
  return found == tasks.end() ? nullptr : &*found;
}

Plan plan(const Job& job) {
  // Indexes into the catalog, which is the order among ready tasks.
  std::unordered_map<TaskId, std::size_t> index;
  for (std::size_t i = 0; i < job.catalog.size(); ++i) index.emplace(job.catalog[i].name, i);
  std::vector<std::vector<std::size_t>> successors(job.catalog.size());
  std::vector<std::vector<std::size_t>> predecessors(job.catalog.size());
  std::vector<bool> is_used(job.catalog.size());
  std::set<std::pair<std::size_t, std::size_t>> seen;
  for (const Edge& edge : job.workflow) {
    const auto from = index.find(edge.from);
    const auto to = index.find(edge.to);
    ONYX_CHECK(from != index.end() && to != index.end(), "edge {} -> {} outside the catalog",
               edge.from.text(), edge.to.text());
    is_used[from->second] = is_used[to->second] = true;
    if (!seen.emplace(from->second, to->second).second) continue;
    successors[from->second].push_back(to->second);
    predecessors[to->second].push_back(from->second);
  }

  std::vector<std::size_t> waiting(job.catalog.size());
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  std::size_t used = 0;
  for (std::size_t i = 0; i < job.catalog.size(); ++i) {
    waiting[i] = predecessors[i].size();
    if (!is_used[i]) continue;
    ++used;
    if (waiting[i] == 0) ready.push(i);
  }
  std::vector<std::size_t> order;
  std::vector<std::int64_t> depth(job.catalog.size());
  while (!ready.empty()) {
    const std::size_t task = ready.top();
    ready.pop();
    order.push_back(task);
    for (std::size_t next : successors[task]) {
      depth[next] = std::max(depth[next], depth[task] + 1);
      if (--waiting[next] == 0) ready.push(next);
    }
  }
  ONYX_CHECK(order.size() == used, "a circular workflow was planned");

  std::vector<std::size_t> rank(job.catalog.size());
  for (std::size_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  const auto named_in_order = [&](std::vector<std::size_t> tasks) {
    std::sort(tasks.begin(), tasks.end(),
              [&](std::size_t a, std::size_t b) { return rank[a] < rank[b]; });
    std::vector<TaskId> names;
    for (std::size_t task : tasks) names.push_back(job.catalog[task].name);
    return names;
  };
  Plan plan;
  for (std::size_t i : order) {
    const CatalogEntry& entry = job.catalog[i];
    plan.tasks.push_back({.name = entry.name,
                          .ingress = named_in_order(predecessors[i]),
                          .egress = named_in_order(successors[i]),
                          .peers_min = entry.peers_min(),
                          .peers_max = entry.peers_max(),
                          .depth = depth[i]});
  }
  return plan;
}

SubmitArguments submit_arguments(const Job& job, const Plan& plan, JobId id) {
  SubmitArguments arguments;
  arguments.id = std::move(id);
  arguments.task_scheduler = job.task_scheduler;
  arguments.percentage = job.percentage;
  arguments.saturation = 0;
  std::unordered_map<TaskId, const CatalogEntry*> entries;
  for (const CatalogEntry& entry : job.catalog) entries.emplace(entry.name, &entry);
  for (const PlannedTask& task : plan.tasks) {
    const CatalogEntry& entry = *entries.at(task.name);
    arguments.tasks.push_back(task.name);
    arguments.task_saturation[task.name] = task.peers_max;
    arguments.peers_min_required[task.name] = task.peers_min;
    if (arguments.saturation && task.peers_max) {
      arguments.saturation = saturating_sum(*arguments.saturation, *task.peers_max);
    } else {
      arguments.saturation = std::nullopt;
    }
    if (entry.flux_policy) arguments.flux_policies[task.name] = *entry.flux_policy;
    if (!entry.required_tags.empty()) {
      arguments.required_tags[task.name] = {entry.required_tags.begin(), entry.required_tags.end()};
    }
    if (!entry.plugin.empty() && entry.type != TaskType::function)
      arguments.plugins[task.name] = entry.plugin;
    if (entry.type == TaskType::input) arguments.inputs.insert(task.name);
    if (entry.type == TaskType::output) arguments.outputs.insert(task.name);
    if (entry.type == TaskType::reduce) arguments.reducers.insert(task.name);
    if (entry.is_grouped()) arguments.grouped.insert(task.name);
    if (entry.percentage) arguments.task_percentages[task.name] = *entry.percentage;
    arguments.in_out[task.name] = {task.egress.begin(), task.egress.end()};
  }
  for (const Window& window : job.windows) arguments.state.insert(window.task);
  return arguments;
}

}  // namespace onyx::model
