// An entry of the coordination log: a command with who wrote it, and, once read, where it stands.
//
// Shape:   what a writer makes is a Draft; the outbox stamps (writer, seq); the reader adds position and creation time.
//          (writer, seq) names an entry: apply() drops the second copy that an ambiguous create may leave.
// Source:  spec of the log, docs/formats/log_entries.md. Extra to Onyx: writer and seq, versions on what a task or
//          coordinator writes, :restart-job, :add-virtual-peers, plugins of a group.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/ids.h"
#include "daemon/replica/replica.h"

namespace onyx::coordination {

// --- membership ---

struct PrepareJoinCluster {  // written by the joiner
  GroupId joiner;
  std::optional<std::vector<std::string>>
      plugins;  // sorted keyword texts it can run; none: does not say
};
struct NotifyJoinCluster {  // by the observer
  GroupId joiner;           // Onyx's :observer
};
struct AcceptJoinCluster {  // by the joiner; the update uses the last two
  GroupId observer;
  GroupId subject;
  GroupId accepted_observer;
  GroupId accepted_joiner;
};
struct AbortJoinCluster {  // by the joiner
  GroupId joiner;
};
struct GroupLeaveCluster {  // by the group itself, or by whoever saw its pulse go
  GroupId group;
};
// All peers of the group leave, and none come until it is undrained. The group stays in the ring.
struct DrainGroup {  // by any group, on request; by the group itself when it starts over drained
  GroupId group;
  bool stop = false;                  // its daemon shall end then
  std::optional<std::int64_t> peers;  // that it will bring back, if it has not announced them
  std::string site;                   // as of AddVirtualPeers, if it has not announced it
};
struct UndrainGroup {  // by any group, on request
  GroupId group;
};
struct AddVirtualPeers {  // by the group; :add-virtual-peer is the same with one
  GroupId group;
  std::vector<PeerId> peers;
  std::string site;
  std::vector<std::string> tags;  // sorted
};
struct LeaveCluster {  // by the peer's group, or by who evicts it
  PeerId peer;
  std::string reason;  // free text, for people
};

// --- jobs ---

struct SubmitJob {
  JobId job;
  std::shared_ptr<const replica::JobSpec> spec;
};
struct KillJob {
  JobId job;
  std::string reason;
  std::string by;                         // "client", "task in on peer …": free text
  std::optional<ReplicaVersion> version;  // given by a task: only if this is still the allocation
};
struct CompleteJob {  // by the job's coordinator
  JobId job;
  std::optional<ReplicaVersion> version;  // the allocation whose sealing barrier came through
  std::optional<Epoch> epoch;
};
// The job starts over with the peers it has: a new allocation version. After `limit` of these it is killed instead.
struct RestartJob {
  JobId job;
  std::string reason;
  std::string by;
  std::optional<ReplicaVersion>
      version;  // the allocation that failed; a second report of the same failure is stale
  std::optional<std::int64_t> limit;
};

// --- upkeep ---

struct Gc {
  std::string id;  // of the request
};
// Never in the log: what a reader that fell behind a gc, or a simulation, continues from.
struct SetReplica {
  std::shared_ptr<const replica::Replica> replica;
};
// What could not be understood: every group skips it alike.
struct Senseless {
  std::string why;
  std::string text;  // as stored, cut at 1,000 bytes
};

using Command =
    std::variant<PrepareJoinCluster, NotifyJoinCluster, AcceptJoinCluster, AbortJoinCluster,
                 GroupLeaveCluster, DrainGroup, UndrainGroup, AddVirtualPeers, LeaveCluster,
                 SubmitJob, KillJob, CompleteJob, RestartJob, Gc, SetReplica, Senseless>;

// "prepare-join-cluster", "submit-job" …, as :fn has it; "senseless" for the last.
std::string_view name_of(const Command& command);

// An entry as its author makes it.
struct Draft {
  Command command;
  std::string
      peer_parent;  // who caused it: a group, a peer, "coordinator PEER"; for people and tools
  std::optional<Position> entry_parent;  // the entry it reacts to
};

struct LogEntry {
  Position position = -1;          // set by the reader
  std::int64_t created_at_ms = 0;  // set by the reader: ZooKeeper's creation time
  GroupId writer;                  // empty: written by hand, never a duplicate
  std::int64_t seq = 0;            // counts the writer's entries from 0, without going back
  Command command;
  std::string peer_parent;
  std::optional<Position> entry_parent;
};

}  // namespace onyx::coordination
