// The coordinator of one job: when a barrier is due, when the inputs are drained, when the job is complete.
//
//      idle ──Allocated──▶ recovering ──epoch 0 through──▶ running ──all inputs drained──▶ sealing ──through──▶ completed
//       ▲                     ▲                              │ due: epoch + 1                 │
//       └───────Stopped───────┴──────────Allocated───────────┴────────────────────────────────┘
//
// Shape:   (state, event, now) → (state, actions). It hears the statuses of the peers of the input tasks only, in the
//          order of Allocated::inputs. At most one barrier is in the job at a time: nothing is sent until everyone has
//          passed the last one. The sealing barrier asks for a snapshot and is sent as soon as every input is drained.
// Units:   `period` is the pause between a barrier being through and the next.
// Source:  spec of barriers, 3 and 10. Snapshots come later: recovery is from none, and `checkpoint` stays false unless
//          the settings turn it on.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "common/base/clock.h"
#include "common/base/ids.h"
#include "daemon/barrier/barrier.h"
#include "daemon/barrier/coordinate.h"
#include "daemon/barrier/status.h"

namespace onyx::barrier {

struct CoordinatorSettings {
  std::chrono::milliseconds period{1000};  // onyx.peer/coordinator-barrier-period-ms
  bool checkpoints = false;                // barriers ask for snapshots
};

enum class CoordinatorPhase : unsigned char { idle, recovering, running, sealing, completed };

struct CoordinatorState {
  CoordinatorSettings settings;
  CoordinatorPhase phase = CoordinatorPhase::idle;
  ReplicaVersion version = -1;
  Epoch epoch = -1;                             // of the last barrier sent
  StatusBoard board;                            // one place per input peer
  std::optional<Instant> due;                   // running: when the next barrier is due
  std::optional<Epoch> checkpoint_in_progress;  // asked for, not yet known to be complete
};

// --- events ---

// The job has this allocation now; from here only statuses of this version count.
struct Allocated {
  ReplicaVersion version = -1;
  std::size_t inputs = 0;                       // peers of the input tasks
  std::optional<CheckpointCoordinate> recover;  // none: start fresh
};
struct Reported {
  std::size_t input = 0;
  Status status;
};
struct Ticked {};
struct Stopped {};
using CoordinatorEvent = std::variant<Allocated, Reported, Ticked, Stopped>;

// --- actions ---

// To every input peer, in its channel from the coordinator.
struct EmitBarrier {
  Barrier barrier;
};
// Every peer has passed epoch; a snapshot that it asked for is complete: publish the coordinate, tell the plugins.
struct CheckpointComplete {
  ReplicaVersion version = -1;
  Epoch epoch = -1;
};
// Append complete-job with this version and epoch.
struct Complete {
  ReplicaVersion version = -1;
  Epoch epoch = -1;
};
// Step with Ticked at this time; replaces an earlier wish.
struct WakeAt {
  Instant at;
};
// An input peer reported an epoch that it cannot have: it must be restarted.
struct Misaligned {
  std::size_t input = 0;
};
using CoordinatorAction =
    std::variant<EmitBarrier, CheckpointComplete, Complete, WakeAt, Misaligned>;

struct CoordinatorStep {
  CoordinatorState state;
  std::vector<CoordinatorAction> actions;
};

CoordinatorStep step(CoordinatorState state, const CoordinatorEvent& event, Instant now);

}  // namespace onyx::barrier
