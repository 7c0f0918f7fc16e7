// A valid job as tasks: their order, their neighbours, and how many peers they want.
//
// Shape:   tasks of the workflow in topological order; among tasks that are ready, the order of the
// catalog. That order
//          breaks ties everywhere in scheduling, so it is a format.
// Source:  Onyx's planning and the `:submit-job` entry; tags are by name here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/edn/value.h"
#include "common/model/job.h"

namespace onyx::model {

struct PlannedTask {
  TaskId name;
  std::vector<TaskId> ingress;  // in the order of the plan
  std::vector<TaskId> egress;   // in the order of the plan
  std::int64_t peers_min = 1;
  std::optional<std::int64_t> peers_max;  // nullopt: no bound
  std::int64_t depth = 0;                 // longest way from an input; 0 for inputs
};

struct Plan {
  std::vector<PlannedTask> tasks;

  const PlannedTask* task(const TaskId& name) const;
};

Plan plan(const Job& job);

// The arguments of the job's `:submit-job` entry, by task name.
struct SubmitArguments {
  JobId id;
  std::vector<TaskId> tasks;  // the order of the plan
  TaskScheduler task_scheduler = TaskScheduler::balanced;
  std::optional<std::int64_t> saturation;  // sum of task_saturation; nullopt: no bound
  std::map<TaskId, std::optional<std::int64_t>> task_saturation;
  std::map<TaskId, std::int64_t> peers_min_required;
  std::map<TaskId, FluxPolicy> flux_policies;             // tasks that have one
  std::map<TaskId, std::set<std::string>> required_tags;  // tasks that have some
  std::map<TaskId, std::string>
      plugins;  // tasks with an input or output plugin: where they can be placed
  std::set<TaskId> inputs;
  std::set<TaskId> outputs;
  std::set<TaskId> reducers;
  std::set<TaskId> grouped;
  std::set<TaskId> state;                     // tasks with windows
  std::map<TaskId, std::set<TaskId>> in_out;  // every task, with its successors
  std::optional<std::int64_t> percentage;
  std::map<TaskId, std::int64_t> task_percentages;
};

SubmitArguments submit_arguments(const Job& job, const Plan& plan, JobId id);

}  // namespace onyx::model
