#include "daemon/task/task_compile.h"

#include <utility>

#include <fmt/format.h>

#include "daemon/task/event_map.h"

namespace onyx::task {
namespace {

TaskKind kind_of(const model::PlannedTask& planned) {
  if (planned.ingress.empty()) return TaskKind::source;
  return planned.egress.empty() ? TaskKind::sink : TaskKind::intermediate;
}

Result<void> refuse_what_is_missing(const model::Job& job, const TaskId& name) {
  for (const model::Window& window : job.windows) {
    if (window.task == name) {
      return failure(
          ErrorCode::unimplemented,
          fmt::format(":windows: task :{} has a window, and this version has no windows yet",
                      name.text()));
    }
  }
  return {};
}

void compile_function(const model::CatalogEntry& entry, CompiledTask& task) {
  if (!entry.fn.is_given() || entry.fn.name() == "clojure.core/identity") return;
  task.function.is_identity = false;
  task.function.is_batch_fn = entry.is_batch_fn;
  task.function.function = task.functions.add(entry.fn);
}

}  // namespace

Result<std::shared_ptr<const CompiledTask>> compile_task(
    const model::Job& job, const model::Plan& plan, const TaskId& name,
    std::shared_ptr<const lang::Program> program) {
  const model::PlannedTask* planned = plan.task(name);
  const model::CatalogEntry* entry = job.task(name);
  if (planned == nullptr || entry == nullptr) {
    return failure(
        ErrorCode::invalid_argument,
        fmt::format("task :{} is not both in the workflow and in the catalog", name.text()));
  }
  ONYX_TRY(refuse_what_is_missing(job, name));

  auto task = std::make_shared<CompiledTask>();
  task->name = name;
  task->keyword = edn::Value::keyword(name.text());
  task->kind = kind_of(*planned);
  task->type = entry->type;
  task->ingress = planned->ingress;
  task->egress = planned->egress;
  task->plugin = entry->plugin;
  task->batch_size = static_cast<std::size_t>(entry->batch_size);
  if (entry->segments_per_barrier_max.has_value()) {
    task->segments_per_barrier_max = static_cast<std::size_t>(*entry->segments_per_barrier_max);
  }
  task->catalog_entry = entry->entry;
  task->program = std::move(program);
  compile_function(*entry, *task);
  task->params = entry->param_values();
  ONYX_ASSIGN_OR_RETURN(task->flow_conditions, dataflow::compile_flow_conditions(
                                                   job, name, task->egress, task->functions));
  for (const TaskId& below : task->egress) {
    const model::CatalogEntry* entry_below = job.task(below);
    if (entry_below == nullptr) {
      return failure(ErrorCode::invalid_argument,
                     fmt::format("task :{} is not in the catalog", below.text()));
    }
    task->grouping.push_back(dataflow::compile_grouping(*entry_below, task->functions));
  }
  task->lifecycles = compile_lifecycles(job, name);
  for (const model::FunctionRef& function : task->functions.functions()) {
    task->traits.push_back(dataflow::traits_of(function, job.functions));
  }
  task->event = event_of_task(job, *planned, *entry);
  return std::shared_ptr<const CompiledTask>(std::move(task));
}

}  // namespace onyx::task
