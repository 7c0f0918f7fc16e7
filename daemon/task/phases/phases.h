// The phases of a task, one file each where it is more than a hook.
#pragma once

#include "daemon/task/machine_state.h"

namespace onyx::task::phases {

// --- start ---
Verdict compile(MachineState& state);
Verdict start_task(MachineState& state);
Verdict before_task_start(MachineState& state);
Verdict initialize(MachineState& state);

// --- recover ---
Verdict poll_recover(MachineState& state);
Verdict recover_input(MachineState& state);
Verdict recover_output(MachineState& state);

// --- iteration and barriers ---
Verdict next_iteration(MachineState& state);
Verdict input_poll_barriers(MachineState& state);
Verdict seal_barriers(MachineState& state);
Verdict offer_barriers(MachineState& state);
Verdict offer_barrier_status(MachineState& state);
// The failure of a peer that was brought a barrier which is not the next one.
Verdict misaligned(const MachineState& state, const barrier::Barrier& barrier);

// --- batch ---
Verdict before_batch(MachineState& state);
Verdict read_batch_of_input(MachineState& state);
Verdict read_batch_of_subscriber(MachineState& state);
Verdict after_read_batch(MachineState& state);
Verdict apply_fn(MachineState& state);
Verdict after_apply_fn(MachineState& state);
Verdict prepare_messages(MachineState& state);
Verdict prepare_output(MachineState& state);
Verdict write_messages(MachineState& state);
Verdict write_output(MachineState& state);
Verdict after_batch(MachineState& state);

}  // namespace onyx::task::phases
