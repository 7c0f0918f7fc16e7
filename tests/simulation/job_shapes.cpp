#include "tests/simulation/job_shapes.h"

#include <fmt/format.h>

#include "tests/simulation/noise.h"

namespace onyx::simulation {

using replica::FluxPolicy;
using replica::JobSpec;
using replica::TaskKind;
using replica::TaskScheduler;
using replica::TaskSpec;

namespace {

TaskSpec task_shape(Noise& noise, std::size_t index, const Plan& plan) {
  TaskSpec task;
  task.id = TaskId(fmt::format("t{}", index));
  task.min_peers = noise.pick(4) == 1 ? noise.between(2, 3) : 1;
  if (noise.pick(3) == 1) task.max_peers = task.min_peers + noise.between(0, 2);
  if (noise.pick(4) == 1) task.flux = static_cast<FluxPolicy>(noise.between(1, 3));
  if (task.flux == FluxPolicy::recover && noise.pick(2) == 0) task.max_peers = task.min_peers;
  task.grouped = noise.pick(3) == 1;
  if (plan.tags != 0 && noise.pick(4) == 1) task.required_tags = {"t"};
  if (plan.tags != 0 && noise.pick(4) == 1) task.plugin = noise.pick(3) == 0 ? "p/y" : "p/x";
  task.percentage_ppm = 10'000 * noise.between(1, 99);
  return task;
}

}  // namespace

std::shared_ptr<const JobSpec> job_shape(std::uint64_t number, const Plan& plan) {
  Noise noise(number + 1);
  JobSpec spec;
  const auto tasks = static_cast<std::size_t>(noise.between(1, 4));
  for (std::size_t i = 0; i < tasks; ++i) spec.tasks.push_back(task_shape(noise, i, plan));
  for (std::size_t i = 0; i + 1 < tasks; ++i) spec.tasks[i].egress = {spec.tasks[i + 1].id};
  spec.tasks.back().kind = TaskKind::output;
  spec.tasks.front().kind = TaskKind::input;
  spec.percentage_ppm = 10'000 * noise.between(1, 60);
  if (noise.pick(5) == 1) spec.task_scheduler = TaskScheduler::percentage;
  if (plan.colocation != 0 && noise.pick(2) == 1) spec.task_scheduler = TaskScheduler::colocated;
  std::int64_t saturation = 0;
  bool has_limit = true;
  for (const TaskSpec& task : spec.tasks) {
    has_limit = has_limit && task.max_peers.has_value();
    saturation += task.max_peers.value_or(0);
  }
  if (has_limit) spec.saturation = saturation;
  return std::make_shared<const JobSpec>(std::move(spec));
}

}  // namespace onyx::simulation
