#include <fmt/format.h>

#include <algorithm>

#include "common/model/validation/rules.h"

namespace onyx::model {
namespace {

const Path kWorkflow("workflow");

bool check_endpoint(JobParts& parts, const edn::Value& endpoint, const Path& path) {
  if (is_task_name(endpoint)) return true;
  auto& finding = parts.report.error(
      "WF-03", path,
      endpoint.is_keyword()
          ? fmt::format("{} is reserved and cannot be a task of :workflow", shown(endpoint))
          : fmt::format("a task name in :workflow must be a keyword; found {}", shown(endpoint)));
  finding.label = endpoint.is_keyword() ? "reserved" : "not a keyword";
  if (endpoint.is_string() && endpoint.as_string().size() < 40) {
    finding.did_you_mean.push_back(fmt::format(":{}", endpoint.as_string()));
  }
  return false;
}

// The edges with the right shape; false when some edge has another.
bool collect_edges(JobParts& parts, const edn::Value& workflow) {
  bool is_whole = true;
  std::size_t index = 0;
  for (const edn::Value& edge : workflow.items()) {
    const std::size_t i = index++;
    if (!edge.is_sequential() || edge.count() != 2) {
      auto& finding = parts.report.error(
          "WF-02", kWorkflow / i,
          fmt::format(
              "an edge of :workflow must be a vector of exactly two elements, [from to]; found {}",
              shown(edge)));
      finding.label = "not an edge";
      if (edge.is_sequential() && edge.count() > 2) {
        finding.help = "write a chain as several edges: [:a :b] [:b :c]";
      } else {
        finding.help = "onyxctl doc :workflow";
      }
      is_whole = false;
      continue;
    }
    const bool from_fits = check_endpoint(parts, edge.at(0), kWorkflow / i / std::size_t{0});
    const bool to_fits = check_endpoint(parts, edge.at(1), kWorkflow / i / std::size_t{1});
    if (!from_fits || !to_fits) {
      is_whole = false;
      continue;
    }
    parts.edges.push_back({edge.at(0).name()->text, edge.at(1).name()->text, i});
  }
  return is_whole;
}

bool check_names(JobParts& parts) {
  bool all_known = true;
  std::set<std::string_view> reported;
  for (const WorkflowEdge& edge : parts.edges) {
    for (std::size_t end = 0; end < 2; ++end) {
      const std::string_view task = end == 0 ? edge.from : edge.to;
      if (parts.catalog_index.contains(task)) continue;
      all_known = false;
      if (!parts.is_catalog_whole || !reported.insert(task).second) continue;
      auto& finding = parts.report.error(
          "WF-04", kWorkflow / edge.index / end,
          fmt::format(":workflow names :{}, which is not the :onyx/name of any catalog entry",
                      task));
      finding.label = "not in the catalog";
      finding.help = fmt::format("add a catalog entry with :onyx/name :{}", task);
      parts.report.suggest(task, parts.task_names);
    }
  }
  return all_known;
}

void check_duplicates(JobParts& parts) {
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> seen;
  std::vector<WorkflowEdge> distinct;
  for (const WorkflowEdge& edge : parts.edges) {
    const auto [first, is_new] = seen.emplace(std::pair(edge.from, edge.to), edge.index);
    if (is_new) {
      distinct.push_back(edge);
      continue;
    }
    auto& finding = parts.report.error(
        "WF-05", kWorkflow / edge.index,
        fmt::format(":workflow contains duplicates: the edge [:{} :{}] is listed again", edge.from,
                    edge.to));
    finding.label = "again here";
    finding.related.push_back({parts.report.place_of(kWorkflow / first->second), "first here"});
    finding.help = "delete one of the two";
  }
  parts.edges = std::move(distinct);
}

// A cycle that starts and ends at some task, found by removing tasks without predecessors until none is left.
void check_cycles(JobParts& parts) {
  std::map<std::string_view, std::size_t> waiting;
  for (const auto& [task, before] : parts.predecessors) waiting[task] = before.size();
  std::vector<std::string_view> ready;
  for (const auto& [task, count] : waiting) {
    if (count == 0) ready.push_back(task);
  }
  while (!ready.empty()) {
    const std::string_view task = ready.back();
    ready.pop_back();
    waiting.erase(task);
    for (std::string_view next : parts.successors[task]) {
      if (--waiting[next] == 0) ready.push_back(next);
    }
  }
  // Every task that is left is on a cycle or behind one; walking backwards from it ends up on a cycle.
  while (!waiting.empty()) {
    std::vector<std::string_view> walk = {waiting.begin()->first};
    std::set<std::string_view> on_walk = {walk.front()};
    std::string_view closing;
    while (closing.empty()) {
      for (std::string_view before : parts.predecessors[walk.back()]) {
        if (!waiting.contains(before)) continue;
        if (!on_walk.insert(before).second) closing = before;
        walk.push_back(before);
        break;
      }
    }
    const auto start = std::find(walk.begin(), walk.end(), closing);
    std::vector<std::string_view> cycle(start, walk.end());
    std::reverse(cycle.begin(), cycle.end());
    std::string shown_cycle;
    const std::size_t listed = std::min<std::size_t>(cycle.size(), 12);
    for (std::size_t i = 0; i < listed; ++i) {
      shown_cycle += fmt::format("{}:{}", i == 0 ? "" : " -> ", cycle[i]);
    }
    if (listed < cycle.size()) shown_cycle += fmt::format(" -> ... -> :{}", cycle.back());
    const auto edge =
        std::find_if(parts.edges.begin(), parts.edges.end(),
                     [&](const WorkflowEdge& e) { return e.from == cycle[0] && e.to == cycle[1]; });
    auto& finding = parts.report.error(
        "WF-06", kWorkflow / edge->index,
        fmt::format(":workflow is circular: {}; it must be acyclic", shown_cycle));
    finding.label = "on the cycle";
    finding.help = "remove one of these edges";
    // One report per set of tasks that hang together is enough: drop what this cycle reaches.
    std::vector<std::string_view> reached = cycle;
    while (!reached.empty()) {
      const std::string_view task = reached.back();
      reached.pop_back();
      waiting.erase(task);
      for (std::string_view next : parts.successors[task]) {
        if (waiting.contains(next)) reached.push_back(next);
      }
    }
  }
}

Path end_of(const WorkflowEdge& edge, std::size_t end) { return kWorkflow / edge.index / end; }

void check_reduce(JobParts& parts, std::string_view task, const Path& at) {
  const auto windows = parts.windows_of_task.find(task);
  const bool is_terminal = parts.successors[task].empty();
  if (windows == parts.windows_of_task.end()) {
    if (parts.report.has_error_below("windows")) return;
    auto& finding = parts.report.error(
        is_terminal ? "WF-14" : "WF-09", at,
        fmt::format(":reduce task :{} has no window; a reduce task needs at least one window on it",
                    task));
    finding.label = "a :reduce task without a window";
    finding.help =
        fmt::format("add an entry with :window/task :{} to :windows, or make it a :function", task);
    return;
  }
  if (is_terminal || parts.report.has_error_below("triggers")) return;
  for (const EntryShape* window : windows->second) {
    const edn::Value* id = window->good("window/id");
    if (id == nullptr) return;
    const auto triggers = parts.triggers_of_window.find(*id);
    if (triggers == parts.triggers_of_window.end()) continue;
    for (const EntryShape* trigger : triggers->second) {
      if (trigger->has("trigger/emit")) return;
    }
  }
  auto& finding = parts.report.error("WF-10", at,
                                     fmt::format(":reduce task :{} has outgoing edges, so one of "
                                                 "its windows needs a trigger with :trigger/emit",
                                                 task));
  finding.label = "nothing ever leaves this task";
  finding.help = "add :trigger/emit to a trigger, or end the workflow at this task";
}

void check_degrees(JobParts& parts) {
  std::map<std::string_view, const WorkflowEdge*> first_out;
  std::map<std::string_view, const WorkflowEdge*> first_in;
  for (const WorkflowEdge& edge : parts.edges) {
    first_out.emplace(edge.from, &edge);
    first_in.emplace(edge.to, &edge);
  }
  for (std::string_view task : parts.workflow_tasks()) {
    const std::string_view type = parts.catalog_entry(task)->keyword("onyx/type");
    const bool has_in = first_in.contains(task);
    const bool has_out = first_out.contains(task);
    const Path at = has_in ? end_of(*first_in[task], 1) : end_of(*first_out[task], 0);
    if (type == "function" && !(has_in && has_out)) {
      auto& finding = parts.report.error(
          "WF-07", at,
          fmt::format(
              ":function task :{} must have both incoming and outgoing edges; it has no {} edge",
              task, has_in ? "outgoing" : "incoming"));
      finding.label = has_in ? "nothing leaves it" : "nothing reaches it";
      finding.help = has_in ? "add an edge from it, or make it an :output"
                            : "add an edge to it, or make it an :input";
    } else if (type == "input" && has_in) {
      auto& finding = parts.report.error(
          "WF-08", at,
          fmt::format(":input task :{} cannot have an incoming edge, but :{} leads to it", task,
                      first_in[task]->from));
      finding.label = "an :input task";
      finding.help = "remove the edge, or make the task a :function";
    } else if (type == "output" && has_out) {
      auto& finding = parts.report.error(
          "WF-11", end_of(*first_out[task], 0),
          fmt::format(":output task :{} cannot have outgoing edges, but it leads to :{}", task,
                      first_out[task]->to));
      finding.label = "an :output task";
      finding.help = "remove the edge, or make the task a :function";
    } else if (type == "reduce") {
      if (!has_in) {
        auto& finding = parts.report.error(
            "WF-12", at,
            fmt::format(
                ":reduce task :{} has no incoming edge; only :input tasks may begin a workflow",
                task));
        finding.label = "nothing reaches it";
        finding.help = "add an edge to it";
      }
      check_reduce(parts, task, at);
    }
  }
}

void check_unused(JobParts& parts) {
  for (std::string_view task : parts.task_names) {
    if (parts.is_in_workflow(task)) continue;
    const EntryShape& entry = *parts.catalog_entry(task);
    auto& finding = parts.report.warning(
        "WF-15", entry.path_of("onyx/name"),
        fmt::format(":onyx/name :{} is in the catalog, but :workflow does not use it", task));
    finding.label = "not in the workflow";
    finding.help = "delete the entry, or add an edge";
  }
}

}  // namespace

void check_workflow(JobParts& parts) {
  const edn::Value* workflow = parts.job.find("workflow");
  if (workflow == nullptr) return;
  if (!workflow->is_sequential() || workflow->count() == 0) {
    auto& finding = parts.report.error(
        "WF-01", kWorkflow,
        fmt::format(":workflow must be a non-empty vector of edges, [[from to] ...]; found {}",
                    shown(*workflow)));
    finding.label = "expected edges";
    finding.help = "onyxctl doc :workflow";
    return;
  }
  const bool is_well_formed = collect_edges(parts, *workflow);
  check_duplicates(parts);
  for (const WorkflowEdge& edge : parts.edges) {
    parts.successors[edge.from].push_back(edge.to);
    parts.successors[edge.to];
    parts.predecessors[edge.to].push_back(edge.from);
    parts.predecessors[edge.from];
  }
  for (std::string_view name : parts.task_names) {
    if (parts.is_in_workflow(name)) parts.used_tasks.push_back(name);
  }
  const bool all_known = check_names(parts);
  parts.is_workflow_whole = is_well_formed && all_known && parts.is_catalog_whole;
  check_cycles(parts);
  if (!parts.is_workflow_whole) return;
  check_degrees(parts);
  check_unused(parts);
}

}  // namespace onyx::model
