// A task of a job, compiled: everything that its peers share and that does not change while the job runs.
//
// Shape:   functions are numbered in `functions`; each peer binds them to its own instance of the program.
// Thread:  immutable.
// Errors:  of compile_task: what a task needs and this version lacks (windows), and what validation would have found.
// Source:  Onyx task_compile.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/base/result.h"
#include "common/edn/value.h"
#include "common/model/job.h"
#include "common/model/planning.h"
#include "daemon/dataflow/flow_conditions.h"
#include "daemon/dataflow/function_table.h"
#include "daemon/dataflow/function_traits.h"
#include "daemon/dataflow/grouping.h"
#include "daemon/dataflow/transform.h"
#include "daemon/task/lifecycles.h"

namespace onyx::lang {
class Program;
}

namespace onyx::task {

// By place in the workflow; `:onyx/type` only says which plugin is made and whether results are sent on.
enum class TaskKind : std::uint8_t { source, intermediate, sink };

class CompiledTask {
 public:
  TaskId name;
  edn::Value keyword;  // the name as a keyword
  TaskKind kind = TaskKind::intermediate;
  model::TaskType type = model::TaskType::function;
  std::vector<TaskId> ingress;  // in the order of the plan
  std::vector<TaskId> egress;   // the order of TaskEnvironment::publishers

  std::string plugin;  // empty: none
  std::size_t batch_size = 1;
  std::optional<std::size_t> segments_per_barrier_max;

  dataflow::FunctionTable functions;
  std::vector<dataflow::FunctionTraits> traits;  // by function
  dataflow::TaskFunction function;
  std::vector<edn::Value> params;  // of :onyx/params; those of the peer configuration come before
  dataflow::FlowConditions flow_conditions;
  std::vector<dataflow::GroupBy> grouping;  // per egress task
  std::vector<LifecycleEntry> lifecycles;   // those that apply, in order
  edn::Value catalog_entry;
  edn::Value event;  // the part of the event map that is the same for every peer
  std::shared_ptr<const lang::Program> program;

  bool sends_results() const { return type != model::TaskType::reduce; }
  // The task takes care of its function's exceptions by flow conditions.
  bool routes_exceptions() const {
    return kind != TaskKind::sink && sends_results() && !flow_conditions.exception_rules.empty();
  }
};

Result<std::shared_ptr<const CompiledTask>> compile_task(
    const model::Job& job, const model::Plan& plan, const TaskId& name,
    std::shared_ptr<const lang::Program> program);

}  // namespace onyx::task
