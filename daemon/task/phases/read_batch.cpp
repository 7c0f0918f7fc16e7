#include <algorithm>

#include "daemon/dataflow/task_exception.h"
#include "daemon/task/phases/phases.h"

namespace onyx::task::phases {
namespace {

std::size_t limit_of(const MachineState& state) {
  return std::min(state.task->batch_size, state.environment.read_limit);
}

Verdict batch_is_read(MachineState& state) {
  state.is_batch_open = true;
  add(state.counters.segments_in, state.batch.size());
  add(state.counters.batches, 1);
  return Said::advance;
}

}  // namespace

Verdict read_batch_of_input(MachineState& state) {
  std::size_t limit = limit_of(state);
  if (state.task->segments_per_barrier_max.has_value()) {
    limit = std::min(
        limit, *state.task->segments_per_barrier_max -
                   std::min(*state.task->segments_per_barrier_max, state.segments_since_barrier));
  }
  if (!state.has_input_ended) {
    if (limit == 0) return Said::idle;  // the next barrier gives a new allowance
    const auto polled = state.input->poll(state.batch, limit);
    if (!polled.has_value()) return tl::unexpected(dataflow::task_exception(polled.error()));
    state.has_input_ended = *polled == plugins::Polled::done;
    if (*polled == plugins::Polled::ready) state.has_worked = true;  // it wants to be asked again
  }
  if (!state.batch.empty()) {
    state.segments_since_barrier += state.batch.size();
    return batch_is_read(state);
  }
  // Everything read before has been handed over, or this phase would not have been reached.
  if (state.has_input_ended && !state.status().drained) {
    TaskStatus status = state.status();
    status.drained = true;
    state.set_status(status);
    state.report();
    state.has_worked = true;
  }
  return Said::idle;
}

Verdict read_batch_of_subscriber(MachineState& state) {
  barrier::Barrier barrier;
  const messaging::Heard heard =
      state.environment.subscriber->poll(limit_of(state), state.batch, barrier);
  if (heard == messaging::Heard::barrier) state.pending = barrier;
  if (heard == messaging::Heard::misaligned) return misaligned(state, barrier);
  if (!state.batch.empty())
    return batch_is_read(state);  // its turn comes before that of the barrier
  return heard == messaging::Heard::barrier ? Said::iterate : Said::idle;
}

}  // namespace onyx::task::phases
