#include <fmt/format.h>

#include "daemon/dataflow/task_exception.h"
#include "daemon/task/phases/phases.h"

namespace onyx::task::phases {

// Waits for the barrier of epoch 0: from the coordinator, or from every upstream.
Verdict poll_recover(MachineState& state) {
  barrier::Barrier barrier;
  if (state.is_source()) {
    if (state.injected.empty()) return Said::stay;
    barrier = state.injected.front();
    state.injected.pop_front();
  } else {
    switch (state.environment.subscriber->poll(state.task->batch_size, state.batch, barrier)) {
      case messaging::Heard::segments:
        return tl::unexpected(
            dataflow::task_exception("segments came before the barrier that starts the job"));
      case messaging::Heard::nothing:
        return Said::stay;
      case messaging::Heard::misaligned:
        return misaligned(state, barrier);
      case messaging::Heard::barrier:
        break;
    }
  }
  if (barrier.epoch != 0) {
    return tl::unexpected(dataflow::task_exception(
        fmt::format("the first barrier has epoch {}, 0 is expected", barrier.epoch)));
  }
  state.pending = barrier;
  state.has_worked = true;
  return Said::advance;
}

Verdict recover_input(MachineState& state) {
  // Recovered once; asked until it is in sync.
  if (state.status().epoch < 0) {
    if (auto done = state.input->recover(state.environment.version, {}); !done.has_value()) {
      return tl::unexpected(dataflow::task_exception(done.error()));
    }
    TaskStatus status = state.status();
    status.epoch = 0;
    state.set_status(status);
  }
  const auto synced = state.input->synced(0);
  if (!synced.has_value()) return tl::unexpected(dataflow::task_exception(synced.error()));
  return *synced ? Said::advance : Said::stay;
}

Verdict recover_output(MachineState& state) {
  if (state.status().epoch < 0) {
    if (auto done = state.output->recover(state.environment.version, {}); !done.has_value()) {
      return tl::unexpected(dataflow::task_exception(done.error()));
    }
    TaskStatus status = state.status();
    status.epoch = 0;
    state.set_status(status);
  }
  const auto synced = state.output->synced(0);
  if (!synced.has_value()) return tl::unexpected(dataflow::task_exception(synced.error()));
  return *synced ? Said::advance : Said::stay;
}

}  // namespace onyx::task::phases
