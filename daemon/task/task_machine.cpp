#include "daemon/task/task_machine.h"

#include <utility>

#include <fmt/format.h>

#include "common/lang/exception.h"
#include "daemon/task/failure_text.h"
#include "daemon/task/machine_state.h"

namespace onyx::task {
namespace {

Stepped fail(MachineState& state, std::string_view phase, const edn::Value& exception) {
  Failure failure;
  failure.phase = phase;
  failure.text = failure_text(exception, state.task->name, phase);
  if (const lang::ExceptionInfo* info = lang::as_exception(exception); info != nullptr) {
    failure.message = info->message();
    failure.data = info->data().is_nil() ? edn::Value::map() : info->data();
  }
  failure.action =
      phase == kCompiling
          ? FailureAction::kill
          : state.lifecycles.decide(state.event.is_nil() ? state.initial_event : state.event, phase,
                                    exception);
  state.failure = std::move(failure);
  return Stepped::failed;
}

void note_start(MachineState& state, const Phase& phase) {
  state.is_starting = state.phase < state.iteration_begin;
  state.starting_in.store(state.is_starting ? &phase.name : nullptr, std::memory_order_release);
}

}  // namespace

TaskMachine::TaskMachine(std::shared_ptr<const CompiledTask> compiled, TaskEnvironment environment)
    : state_(std::make_unique<MachineState>(std::move(compiled), std::move(environment))) {}

TaskMachine::~TaskMachine() = default;

Stepped TaskMachine::step(Instant now) {
  MachineState& state = *state_;
  if (state.failure.has_value()) return Stepped::failed;
  if (state.is_ended) return Stepped::ended;
  state.now = now;
  state.has_worked = false;
  for (;;) {
    const Phase& phase = (*state.phases)[state.phase];
    if (state.is_starting) note_start(state, phase);
    Verdict verdict = phase.run(state);
    if (!verdict.has_value()) return fail(state, phase.name, verdict.error());
    switch (*verdict) {
      case Said::advance:
        if (++state.phase < state.phases->size()) break;
        state.phase = state.iteration_begin;
        return Stepped::worked;
      case Said::idle:
        state.phase = state.iteration_begin;
        return state.has_worked ? Stepped::worked : Stepped::waiting;
      case Said::stay:
        return state.has_worked ? Stepped::worked : Stepped::waiting;
      case Said::process:
        state.phase = state.batch_begin;
        break;
      case Said::iterate:
        state.phase = state.iteration_begin;
        break;
      case Said::ended:
        state.is_ended = true;
        return Stepped::ended;
    }
  }
}

std::optional<Instant> TaskMachine::wake_at() const { return state_->wake_at; }

void TaskMachine::inject(const barrier::Barrier& barrier) {
  if (barrier.version == state_->environment.version) state_->injected.push_back(barrier);
}

void TaskMachine::publish(Epoch epoch) {
  if (!state_->to_publish.has_value() || *state_->to_publish < epoch) state_->to_publish = epoch;
}

void TaskMachine::stop(const std::string& scheduler_event) {
  MachineState& state = *state_;
  if (std::exchange(state.is_stopped, true) || !state.has_started) return;
  if (state.input != nullptr) state.input->stop();
  if (state.output != nullptr) state.output->stop();
  const std::string_view reason = scheduler_event.starts_with(':')
                                      ? std::string_view(scheduler_event).substr(1)
                                      : std::string_view(scheduler_event);
  auto done = state.lifecycles.run(
      Hook::after_task_stop,
      edn::Value(state.initial_event)
          .assoc(edn::Value::keyword("onyx.core/scheduler-event"), edn::Value::keyword(reason)));
  if (!done.has_value()) {
    const lang::ExceptionInfo* info = lang::as_exception(done.error());
    state.environment.log(fmt::format("a :lifecycle/after-task-stop hook failed message={}",
                                      info == nullptr ? "" : info->message()));
  }
}

TaskStatus TaskMachine::status() const { return state_->status(); }

const TaskCounters& TaskMachine::counters() const { return state_->counters; }

const std::optional<Failure>& TaskMachine::failure() const { return state_->failure; }

std::string_view TaskMachine::starting_in() const {
  const std::string_view* phase = state_->starting_in.load(std::memory_order_acquire);
  return phase == nullptr ? std::string_view() : *phase;
}

plugins::Progress TaskMachine::progress() const {
  if (const plugins::Input* input = state_->input_to_watch.load(std::memory_order_acquire))
    return input->progress();
  if (const plugins::Output* output = state_->output_to_watch.load(std::memory_order_acquire))
    return output->progress();
  return {};
}

}  // namespace onyx::task
