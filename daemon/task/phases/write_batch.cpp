#include <utility>

#include "daemon/dataflow/task_exception.h"
#include "daemon/task/phases/phases.h"

namespace onyx::task::phases {
namespace {

void show_write_batch(MachineState& state, const std::vector<edn::Value>& segments) {
  if (!state.lifecycles.has(Hook::after_batch)) return;
  state.event =
      std::move(state.event)
          .assoc(edn::Value::keyword("onyx.core/write-batch"), edn::Value::vector(segments));
}

Verdict batch_is_written(MachineState& state) {
  state.batch.clear();
  state.is_batch_open = false;
  return Said::advance;
}

}  // namespace

Verdict prepare_messages(MachineState& state) {
  if (!state.task->sends_results()) {
    state.results.clear();
    return Said::advance;
  }
  show_write_batch(state, state.results.segments);
  const dataflow::FlowConditions& conditions = state.task->flow_conditions;
  if (conditions.is_unconditional() && state.results.exceptions.empty() &&
      conditions.unconditional != 0) {
    add(state.counters.segments_out, state.results.segments.size());
    if (auto done = state.messenger->put_all(state.results.segments, conditions.unconditional);
        !done.has_value()) {
      return tl::unexpected(std::move(done).error());
    }
    return Said::advance;
  }
  const dataflow::Drops before = state.router->drops();
  if (const auto to = state.router->filter(state.results); to.has_value()) {
    add(state.counters.dropped_no_match, state.router->drops().no_match - before.no_match);
    add(state.counters.segments_out, state.results.segments.size());
    if (auto done = state.messenger->put_all(state.results.segments, *to); !done.has_value()) {
      return tl::unexpected(std::move(done).error());
    }
    return Said::advance;
  }
  if (auto done = state.router->route(state.batch, state.results, state.event, state.routed);
      !done.has_value()) {
    return tl::unexpected(std::move(done).error());
  }
  const dataflow::Drops& after = state.router->drops();
  add(state.counters.dropped_no_match, after.no_match - before.no_match);
  add(state.counters.dropped_none, after.none - before.none);
  add(state.counters.dropped_exceptions, after.exceptions - before.exceptions);
  add(state.counters.segments_out, state.routed.size());
  if (auto done = state.messenger->put_routed(state.routed); !done.has_value()) {
    return tl::unexpected(std::move(done).error());
  }
  return Said::advance;
}

Verdict prepare_output(MachineState& state) {
  state.write_batch.clear();
  if (state.task->sends_results()) state.write_batch.swap(state.results.segments);
  show_write_batch(state, state.write_batch);
  add(state.counters.segments_out, state.write_batch.size());
  return Said::advance;
}

Verdict write_messages(MachineState& state) {
  return state.messenger->flush() ? batch_is_written(state) : Verdict(Said::stay);
}

Verdict write_output(MachineState& state) {
  if (!state.write_batch.empty()) {
    const auto wrote = state.output->write(state.write_batch);
    if (!wrote.has_value()) return tl::unexpected(dataflow::task_exception(wrote.error()));
    if (*wrote == plugins::Wrote::later) return Said::stay;
  }
  return batch_is_written(state);
}

}  // namespace onyx::task::phases
