// What the rules of the sections share: the job's parts whose shape is right, and the graph they form.
//
// Shape:   check_job() fills the lists; each check_<section>() then judges one section, in the order of the job. A part
//          with the wrong shape is missing from the lists, never half there.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/model/validation.h"
#include "common/model/validation/entry_shape.h"
#include "common/model/validation/report.h"

namespace onyx::model {

struct WorkflowEdge {
  std::string_view from;
  std::string_view to;
  std::size_t index;  // in the workflow
};

struct JobParts {
  const edn::Value& job;
  const Context& context;
  Report& report;

  std::vector<EntryShape> catalog;
  std::vector<EntryShape> flow_conditions;
  std::vector<EntryShape> windows;
  std::vector<EntryShape> triggers;
  std::vector<EntryShape> lifecycles;

  std::vector<std::string_view> task_names;  // in the order of the catalog
  std::unordered_map<std::string_view, std::size_t>
      catalog_index;              // name → first entry in `catalog`
  bool is_catalog_whole = false;  // every entry is a map with a name

  std::vector<WorkflowEdge> edges;  // well-formed ones
  bool is_workflow_whole = false;   // every edge is well-formed and between catalog tasks
  std::map<std::string_view, std::vector<std::string_view>>
      successors;  // every task of the workflow
  std::map<std::string_view, std::vector<std::string_view>> predecessors;
  std::vector<std::string_view> used_tasks;  // of the catalog, by the workflow

  // Tasks with a good :window/task, and whether each window has a trigger that emits.
  std::map<std::string_view, std::vector<const EntryShape*>> windows_of_task;
  std::map<edn::Value, std::vector<const EntryShape*>, edn::ValueLess> triggers_of_window;

  const EntryShape* catalog_entry(std::string_view task) const {
    const auto found = catalog_index.find(task);
    return found == catalog_index.end() ? nullptr : &catalog[found->second];
  }
  bool is_in_workflow(std::string_view task) const { return successors.contains(task); }
  // In the order of the catalog.
  const std::vector<std::string_view>& workflow_tasks() const { return used_tasks; }
};

void check_job(JobParts& parts);
void check_workflow(JobParts& parts);
void check_catalog(JobParts& parts);
void check_flow_conditions(JobParts& parts);
void check_windows(JobParts& parts);
void check_triggers(JobParts& parts);
void check_lifecycles(JobParts& parts);
void check_resume_point(JobParts& parts);
// What this version lacks; after everything else, for sections that are valid otherwise.
void check_features(JobParts& parts);

// --- names in function positions ---

enum class Expect : std::uint8_t { function, map };

struct FunctionUse {
  std::string_view key;           // "onyx/fn"
  std::string_view unknown_code;  // code when nothing has that name
  Expect expect = Expect::function;
  std::optional<std::size_t> arguments;  // how many it is called with; nullopt: not checked
};

// Looks the name up, or counts the parameters of an inline form. What was found, when it is a name.
std::optional<Definition> check_function(JobParts& parts, const FunctionUse& use,
                                         const edn::Value& value, const Path& path);

// A task name that must be one of `known`: reports `code` with a suggestion when it is not.
bool check_task(JobParts& parts, std::string_view code, std::string_view key, std::string_view task,
                const Path& path, std::span<const std::string_view> known,
                std::string_view known_as);

}  // namespace onyx::model
