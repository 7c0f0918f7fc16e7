#include "daemon/task/machine_state.h"

#include <utility>

namespace onyx::task {

MachineState::MachineState(std::shared_ptr<const CompiledTask> compiled,
                           TaskEnvironment environment_of_task)
    : task(std::move(compiled)),
      environment(std::move(environment_of_task)),
      evaluator(task->program, task->functions, environment.peer_config, environment.yield,
                environment.log) {
  use_table(phase_table(task->kind, false));
  starting_in.store(&phases->front().name, std::memory_order_relaxed);
}

plugins::PluginContext MachineState::plugin_context() const {
  plugins::PluginContext context;
  context.tenancy = environment.tenancy;
  context.job = environment.job;
  context.task = task->name;
  context.slot = environment.slot;
  context.slots = environment.slots;
  context.version = environment.version;
  context.catalog_entry = task->catalog_entry;
  context.event = initial_event;
  context.batch_size = task->batch_size;
  context.file_roots = environment.file_roots;
  context.may_act = environment.may_act;
  context.wake = environment.wake;
  context.log = environment.log;
  return context;
}

TaskStatus MachineState::status() const {
  const concurrency::MutexLock lock(status_mutex_);
  return status_;
}

void MachineState::set_status(const TaskStatus& changed) {
  const concurrency::MutexLock lock(status_mutex_);
  status_ = changed;
}

void MachineState::use_table(const PhaseTable& table) {
  phases = &table.phases;
  iteration_begin = table.iteration_begin;
  batch_begin = table.batch_begin;
}

}  // namespace onyx::task
