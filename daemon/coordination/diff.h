// What an entry changed, as values.
//
// Shape:   `change` says what the command did, in its own terms; `moves` and `jobs` say what became of the allocations,
//          whatever the command was: from these, task starts and stops are derived. An entry that changes nothing has
//          Rejected or Unchanged and no moves.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/ids.h"
#include "daemon/replica/replica.h"

namespace onyx::coordination {

// The replica is as before, but for its version (and the writer's sequence number).
enum class Refusal : std::uint8_t {
  senseless,  // could not be understood
  duplicate,  // a second copy of an entry already applied
  unknown,    // names a job, peer or group that is not there
  stale,      // speaks of an allocation, or a step of a join, that is over
  finished,   // names a job that has ended
  known,      // what it asks for is so already: submitted, joined, announced
  invalid,    // its arguments contradict each other
};
struct Rejected {
  Refusal refusal;
  std::string why;  // a sentence for people
};

struct Unchanged {};

struct JoinPrepared {  // or refused for now: no observer was free
  GroupId joiner;
  std::optional<GroupId> observer;
  std::vector<GroupId> busy;  // when refused: who may be dead without having been evicted
};
struct JoinAccepted {  // after notify: the joiner may close the ring
  GroupId joiner;
  GroupId observer;
  GroupId subject;  // whom the joiner will watch
};
struct GroupJoined {
  GroupId group;
  std::vector<PeerId> peers;  // its peers that became schedulable
};
struct JoinAborted {
  GroupId joiner;
  std::int64_t failures = 0;  // in a row
};
struct GroupLeft {
  GroupId group;
  std::vector<PeerId> peers;             // that it had
  std::vector<GroupId> aborted_joiners;  // that it was bringing in
};
struct GroupDrained {
  GroupId group;
  std::vector<PeerId> peers;  // that it had
  bool stop = false;          // its daemon ends
};
struct GroupUndrained {
  GroupId group;
  std::int64_t peers = 0;  // that it brings back
};
struct PeersAdded {
  GroupId group;
  std::vector<PeerId> peers;
  bool schedulable = false;  // false: orphans until the group has joined
};
struct PeerLeft {
  PeerId peer;
  GroupId group;
};
struct JobSubmitted {
  JobId job;
};
struct JobRestarted {
  JobId job;
  std::int64_t failures = 0;
};
struct JobEnded {
  JobId job;
};
struct Collected {
  std::string id;
  std::vector<JobId> jobs;       // became tombstones
  std::vector<JobId> forgotten;  // tombstones over the limit
};
struct ReplicaReplaced {};

using Change =
    std::variant<Unchanged, Rejected, JoinPrepared, JoinAccepted, GroupJoined, JoinAborted,
                 GroupLeft, GroupDrained, GroupUndrained, PeersAdded, PeerLeft, JobSubmitted,
                 JobRestarted, JobEnded, Collected, ReplicaReplaced>;

// A peer whose place is another than before the entry (task, or only slot). The jobs are in Diff::jobs.
struct PeerMove {
  PeerId peer;
  GroupId group;
  bool left = false;  // the peer is gone from the cluster
  std::optional<replica::Peer::Seat> before;
  std::optional<replica::Peer::Seat> after;
};

// A job whose allocation changed, that was started over, or that ended.
struct JobChange {
  JobId job;
  Position submitted_at = -1;
  std::shared_ptr<const replica::JobSpec> spec;
  ReplicaVersion before = -1;
  ReplicaVersion after = -1;  // -1: has ended
  bool had_peers = false;
  bool has_peers = false;
  std::optional<PeerId> coordinator_before;
  std::optional<PeerId> coordinator_after;
  std::optional<replica::JobState> ended;  // completed or killed, with this entry
};

struct Diff {
  Change change;
  std::vector<PeerMove> moves;  // by peer id
  std::vector<JobChange> jobs;  // in submission order

  const Rejected* rejected() const { return std::get_if<Rejected>(&change); }
  // Of a seat in `moves`.
  const JobChange& job_of(const replica::Peer::Seat& seat) const;
  replica::Place place_of(const replica::Peer::Seat& seat) const;
};

}  // namespace onyx::coordination
