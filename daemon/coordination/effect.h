// What an entry makes a group do, as values. runtime/perform is the one switch over them.
//
// Shape:   in the order to be carried out: stops, drops, starts, recoveries, then the rest. Performing one twice, or
//          after its subject is gone, does no harm. What an effect learns comes back as an entry or an action.
// Thread:  values; none may hold up the group's thread for longer than handing it over.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <variant>

#include "common/base/ids.h"
#include "daemon/coordination/entry.h"
#include "daemon/replica/replica.h"

namespace onyx::coordination {

// Why a task stops, as its lifecycles are told.
enum class SchedulerEvent : std::uint8_t { peer_reallocated, peer_left, job_killed, job_completed };

// --- tasks of this group's peers ---

struct StopTask {
  PeerId peer;
  JobId job;
  TaskId task;
  SlotId slot = 0;
  ReplicaVersion version = -1;  // of the allocation it ran under
  SchedulerEvent event = SchedulerEvent::peer_reallocated;
};
struct StartTask {
  PeerId peer;
  JobId job;
  TaskId task;
  SlotId slot = 0;
  ReplicaVersion version = -1;
};
// The peer keeps its task, but the job's allocation is another: rebuild the channels, start over at this version.
struct RecoverTask {
  PeerId peer;
  JobId job;
  TaskId task;
  SlotId slot = 0;
  ReplicaVersion version = -1;
};
struct StopCoordinator {
  PeerId peer;
  JobId job;
  ReplicaVersion version = -1;
  SchedulerEvent event = SchedulerEvent::peer_reallocated;
};
struct StartCoordinator {
  PeerId peer;
  JobId job;
  ReplicaVersion version = -1;
};
// The coordinator stays where it is; a new version begins.
struct RecoverCoordinator {
  PeerId peer;
  JobId job;
  ReplicaVersion version = -1;
};
// This group's state of the old version of the job (window stores, unpublished output) is of no use any more.
struct DropJobState {
  JobId job;
  ReplicaVersion version = -1;
};

// --- jobs, for whoever waits for them: in every group ---

struct JobAllocationChanged {
  JobId job;
  ReplicaVersion before = -1;  // -1: had none
  ReplicaVersion after = -1;
  bool has_peers = false;
};
struct JobFinished {
  JobId job;
  replica::JobState state = replica::JobState::completed;
  std::string reason;
};

// --- membership ---

// Watch exactly these pulses from now on; append group-leave-cluster for one that is gone or goes.
struct WatchPulses {
  std::set<GroupId> groups;
};
// Look once; append group-leave-cluster if it is gone.
struct ProbePulse {
  GroupId group;
};
// Append after a random pause that grows with the failures in a row (onyx.peer/join-failure-back-off).
struct AppendAfterBackOff {
  Draft draft;
  std::int64_t failures = 1;
};
// This group was declared dead: stop everything, start over under a new id.
struct RestartGroup {};
// This group is not drained any more: announce as many peers as it wants, which are these unless some were being added, let
// go or evicted when it was drained.
struct BringPeersBack {
  std::int64_t peers = 0;
};
// This group's daemon shall leave the cluster and end.
struct StopDaemon {};
// A peer of this group was evicted. If the group still wants it, it comes back under a new id.
struct RestartPeer {
  PeerId peer;
};

// --- the log ---

// Move the log's origin to this position, with the replica after it, then delete the entries before it.
struct TruncateLog {
  Position position = -1;
  std::string gc_id;
};

using Effect = std::variant<StopTask, StopCoordinator, DropJobState, StartTask, RecoverTask,
                            StartCoordinator, RecoverCoordinator, JobAllocationChanged, JobFinished,
                            WatchPulses, ProbePulse, AppendAfterBackOff, RestartGroup, RestartPeer,
                            BringPeersBack, StopDaemon, TruncateLog>;

}  // namespace onyx::coordination
