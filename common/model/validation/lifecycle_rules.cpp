#include <fmt/format.h>

#include <algorithm>

#include "common/model/legacy_calls.h"
#include "common/model/validation/rules.h"

namespace onyx::model {
namespace {

void check_lifecycle_task(JobParts& parts, const EntryShape& lifecycle) {
  const std::string_view task = lifecycle.keyword("lifecycle/task");
  if (task.empty() || task == "all" || !parts.is_catalog_whole) return;
  const Path path = lifecycle.path_of("lifecycle/task");
  if (!check_task(parts, "LC-02", "lifecycle/task", task, path, parts.task_names, "catalog"))
    return;
  if (parts.is_workflow_whole && !parts.is_in_workflow(task)) {
    auto& finding = parts.report.error(
        "DOC-09", path,
        fmt::format(":lifecycle/task names :{}, which :workflow does not use", task));
    finding.label = "not in the workflow";
    parts.report.suggest(task, parts.workflow_tasks());
  }
}

void check_hooks(JobParts& parts, const Definition& definition, std::string_view name,
                 const Path& path) {
  for (const std::string& key : definition.keys) {
    const ModelKey* row = find_key(Section::lifecycle_calls, key);
    if (row != nullptr && row->deprecated.empty()) continue;
    auto& finding = parts.report.error(
        "LC-05", path,
        row == nullptr
            ? fmt::format(":lifecycle/calls :{} has the key :{}, which is not a hook", name, key)
            : fmt::format(
                  ":lifecycle/calls :{} has the hook :{}, which was removed from Onyx in {}: {}",
                  name, key, row->deprecated, row->instead));
    finding.label = row == nullptr ? "has an unknown hook" : "has a removed hook";
    std::vector<std::string_view> hooks;
    for (const ModelKey& hook : keys_of(Section::lifecycle_calls)) {
      if (hook.deprecated.empty()) hooks.push_back(hook.key);
    }
    if (row == nullptr) parts.report.suggest(key, hooks);
  }
}

}  // namespace

void check_lifecycles(JobParts& parts) {
  for (const EntryShape& lifecycle : parts.lifecycles) {
    check_lifecycle_task(parts, lifecycle);
    const edn::Value* calls = lifecycle.good("lifecycle/calls");
    if (calls == nullptr || !calls->is_keyword()) continue;
    const std::string_view name = calls->name()->text;
    const Path path = lifecycle.path_of("lifecycle/calls");
    if (is_legacy_plugin_calls(name)) continue;
    const auto definition = check_function(
        parts, {"lifecycle/calls", "DOC-10", Expect::map, std::nullopt}, *calls, path);
    if (definition) check_hooks(parts, *definition, name, path);
  }
}

}  // namespace onyx::model
