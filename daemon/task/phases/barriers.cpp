#include <fmt/format.h>

#include "daemon/dataflow/task_exception.h"
#include "daemon/task/phases/phases.h"

namespace onyx::task::phases {

Verdict input_poll_barriers(MachineState& state) {
  if (!state.pending.has_value() && !state.injected.empty()) {
    state.pending = state.injected.front();
    state.injected.pop_front();
  }
  return Said::advance;
}

Verdict misaligned(const MachineState& state, const barrier::Barrier& barrier) {
  return tl::unexpected(dataflow::task_exception(fmt::format(
      "a barrier has epoch {}, {} is expected", barrier.epoch, state.status().epoch + 1)));
}

// A barrier goes on when the plugin is done with everything before it.
Verdict seal_barriers(MachineState& state) {
  if (!state.pending.has_value()) return Said::process;
  TaskStatus status = state.status();
  if (state.pending->epoch != status.epoch + 1) return misaligned(state, *state.pending);
  Result<bool> synced = true;
  if (state.input != nullptr) synced = state.input->synced(status.epoch);
  if (state.output != nullptr) synced = state.output->synced(status.epoch);
  if (!synced.has_value()) return tl::unexpected(dataflow::task_exception(synced.error()));
  if (!*synced) return Said::stay;
  state.segments_since_barrier = 0;
  state.has_worked = true;
  return Said::advance;
}

Verdict offer_barriers(MachineState& state) {
  return state.messenger->offer(*state.pending) ? Said::advance : Said::stay;
}

Verdict offer_barrier_status(MachineState& state) {
  TaskStatus status = state.status();
  status.epoch = state.pending->epoch;
  status.sealed = state.pending->sealing;
  state.is_sealed = status.sealed;
  state.pending.reset();
  state.set_status(status);
  state.report();
  state.has_worked = true;
  return status.sealed ? Said::iterate : Said::advance;
}

}  // namespace onyx::task::phases
