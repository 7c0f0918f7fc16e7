#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "daemon/dataflow/task_exception.h"
#include "daemon/plugins/null/null_output.h"
#include "daemon/task/event_map.h"
#include "daemon/task/phase_table.h"
#include "daemon/task/phases/phases.h"

namespace onyx::task::phases {
namespace {

constexpr std::chrono::milliseconds kPeerNotReadyBackOff{100};

std::chrono::milliseconds back_off(const edn::Value& peer_config) {
  const edn::Value* given =
      peer_config.is_map() ? peer_config.find("onyx.peer/peer-not-ready-back-off") : nullptr;
  return given != nullptr && given->is_integer() ? std::chrono::milliseconds(given->as_integer())
                                                 : kPeerNotReadyBackOff;
}

// Those of the peer configuration, then those of the catalog entry.
std::vector<edn::Value> leading_arguments(const MachineState& state) {
  std::vector<edn::Value> params;
  const edn::Value& config = state.environment.peer_config;
  if (const edn::Value* by_task = config.is_map() ? config.find("onyx.peer/fn-params") : nullptr;
      by_task != nullptr && by_task->is_map()) {
    const edn::Value* of_task = by_task->find(state.task->keyword);
    if (of_task != nullptr && of_task->is_sequential()) {
      for (const edn::Value& param : of_task->items()) params.push_back(param);
    }
  }
  params.insert(params.end(), state.task->params.begin(), state.task->params.end());
  return params;
}

Verdict make_plugin(MachineState& state) {
  const CompiledTask& task = *state.task;
  if (task.plugin.empty() && !(state.is_sink() && task.type == model::TaskType::reduce)) {
    return tl::unexpected(
        dataflow::task_exception(fmt::format("task :{} has no :onyx/plugin", task.name.text())));
  }
  if (task.plugin.empty()) {
    state.output = plugins::make_discarding_output();
    return Said::advance;
  }
  const plugins::PluginKind* kind = state.environment.plugins->find(task.plugin);
  if (kind == nullptr ||
      (state.is_source() ? kind->make_input == nullptr : kind->make_output == nullptr)) {
    return tl::unexpected(dataflow::task_exception(
        kind == nullptr
            ? fmt::format(
                  "this daemon has no plugin :{} (task :{}); `onyxctl plugins` lists those it has",
                  task.plugin, task.name.text())
            : fmt::format("plugin :{} of task :{} is no {}", task.plugin, task.name.text(),
                          state.is_source() ? "input" : "output")));
  }
  Result<void> started;
  if (state.is_source()) {
    auto made = kind->make_input(state.plugin_context());
    if (!made.has_value()) return tl::unexpected(dataflow::task_exception(made.error()));
    state.input = std::move(*made);
    started = state.input->start();
    state.input_to_watch.store(state.input.get(), std::memory_order_release);
  } else {
    auto made = kind->make_output(state.plugin_context());
    if (!made.has_value()) return tl::unexpected(dataflow::task_exception(made.error()));
    state.output = std::move(*made);
    started = state.output->start();
    state.output_to_watch.store(state.output.get(), std::memory_order_release);
  }
  if (!started.has_value()) return tl::unexpected(dataflow::task_exception(started.error()));
  return Said::advance;
}

}  // namespace

// Looks up what the task calls.
Verdict compile(MachineState& state) {
  if (auto bound = state.evaluator.bind(); !bound.has_value()) return tl::unexpected(bound.error());
  auto bound =
      state.lifecycles.bind(state.task->lifecycles, state.evaluator, state.environment.log);
  if (!bound.has_value()) return tl::unexpected(bound.error());
  state.use_table(phase_table(state.task->kind, state.lifecycles.has_batch_hooks()));
  state.params = leading_arguments(state);
  const dataflow::TaskFunction& function = state.task->function;
  state.initial_event = event_of_peer(
      *state.task, state.environment,
      function.is_identity ? edn::Value() : state.evaluator.bound(function.function), state.params);
  return Said::advance;
}

Verdict start_task(MachineState& state) {
  if (!state.lifecycles.has(Hook::start_task)) return Said::advance;
  if (state.wake_at.has_value() && state.now < *state.wake_at) return Said::stay;
  const auto may_start = state.lifecycles.may_start(state.initial_event);
  if (!may_start.has_value()) return tl::unexpected(may_start.error());
  if (!*may_start) {
    state.wake_at = state.now + back_off(state.environment.peer_config);
    return Said::stay;
  }
  state.wake_at.reset();
  return Said::advance;
}

Verdict before_task_start(MachineState& state) {
  if (!state.lifecycles.has(Hook::before_task_start)) return Said::advance;
  auto event = state.lifecycles.run(Hook::before_task_start, state.initial_event);
  if (!event.has_value()) return tl::unexpected(std::move(event).error());
  state.initial_event = std::move(*event);
  const edn::Value& params = state.initial_event.get("onyx.core/params");
  if (!params.is_sequential() && !params.is_nil()) {
    return tl::unexpected(dataflow::task_exception(
        ":onyx.core/params must be a vector of the function's leading arguments"));
  }
  state.params.clear();
  if (!params.is_nil()) {
    for (const edn::Value& param : params.items()) state.params.push_back(param);
  }
  return Said::advance;
}

Verdict initialize(MachineState& state) {
  state.event = state.initial_event;
  state.transform.emplace(state.task->function, state.task->keyword, state.evaluator);
  if (!state.is_sink()) {
    state.router.emplace(state.task->flow_conditions, state.task->traits, state.task->keyword,
                         state.evaluator, state.environment.log);
    state.messenger.emplace(std::move(state.environment.publishers), state.task->grouping,
                            state.evaluator);
  }
  if (state.is_source() || state.is_sink()) {
    Verdict made = make_plugin(state);
    if (!made.has_value()) return made;
  }
  state.has_started = true;
  state.has_worked = true;
  return Said::advance;
}

}  // namespace onyx::task::phases
