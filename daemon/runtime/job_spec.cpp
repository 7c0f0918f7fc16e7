#include "daemon/runtime/job_spec.h"

#include <algorithm>

#include "common/edn/printer.h"

namespace onyx::runtime {

namespace {

replica::TaskKind kind_of(const model::SubmitArguments& arguments, const TaskId& task) {
  if (arguments.inputs.contains(task)) return replica::TaskKind::input;
  if (arguments.outputs.contains(task)) return replica::TaskKind::output;
  return replica::TaskKind::function;
}

replica::FluxPolicy flux_of(model::FluxPolicy policy) {
  switch (policy) {
    case model::FluxPolicy::kill:
      return replica::FluxPolicy::kill;
    case model::FluxPolicy::continue_:
      return replica::FluxPolicy::resume;
    case model::FluxPolicy::recover:
      return replica::FluxPolicy::recover;
  }
  return replica::FluxPolicy::none;
}

replica::TaskScheduler scheduler_of(model::TaskScheduler scheduler) {
  switch (scheduler) {
    case model::TaskScheduler::balanced:
      return replica::TaskScheduler::balanced;
    case model::TaskScheduler::percentage:
      return replica::TaskScheduler::percentage;
    case model::TaskScheduler::colocated:
      return replica::TaskScheduler::colocated;
  }
  return replica::TaskScheduler::balanced;
}

constexpr std::int64_t kPpmPerPercent = replica::kWholePpm / 100;

}  // namespace

std::string job_name(const model::Job& job) {
  if (job.name.is_string()) return std::string(job.name.as_string());
  if (job.name.is_keyword()) return job.name.name()->text;
  return job.name.is_nil() ? std::string() : edn::print(job.name);
}

std::shared_ptr<const replica::JobSpec> job_spec(const model::Job& job, const model::Plan& plan) {
  const model::SubmitArguments arguments = model::submit_arguments(job, plan, JobId());
  auto spec = std::make_shared<replica::JobSpec>();
  spec->name = job_name(job);
  spec->task_scheduler = scheduler_of(arguments.task_scheduler);
  spec->saturation = arguments.saturation;
  spec->percentage_ppm = arguments.percentage.value_or(0) * kPpmPerPercent;
  for (const TaskId& name : arguments.tasks) {
    replica::TaskSpec task;
    task.id = name;
    task.kind = kind_of(arguments, name);
    task.reduces = arguments.reducers.contains(name);
    task.min_peers = arguments.peers_min_required.at(name);
    task.max_peers = arguments.task_saturation.at(name);
    if (auto flux = arguments.flux_policies.find(name); flux != arguments.flux_policies.end()) {
      task.flux = flux_of(flux->second);
    }
    task.grouped = arguments.grouped.contains(name);
    task.stateful = arguments.state.contains(name);
    if (auto tags = arguments.required_tags.find(name); tags != arguments.required_tags.end()) {
      task.required_tags.assign(tags->second.begin(), tags->second.end());
    }
    if (auto plugin = arguments.plugins.find(name); plugin != arguments.plugins.end()) {
      task.plugin = plugin->second;
    }
    if (auto share = arguments.task_percentages.find(name);
        share != arguments.task_percentages.end()) {
      task.percentage_ppm = share->second * kPpmPerPercent;
    }
    const auto& below = arguments.in_out.at(name);
    task.egress.assign(below.begin(), below.end());
    spec->tasks.push_back(std::move(task));
  }
  return spec;
}

}  // namespace onyx::runtime
