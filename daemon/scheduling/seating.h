// The only way an allocation changes: peers are unseated and seated here, and what was before is written down.
//
// Shape:   Delta holds, for each peer and job that was touched since the entry began, how it was. While an entry is being
//          applied Job::seats may hold holes (empty ids) where a peer was unseated; settle() closes them.
// Units:   each call costs O(log n) in the size of the replica.
#pragma once

#include <map>
#include <optional>

#include "common/base/ids.h"
#include "daemon/replica/queries.h"
#include "daemon/replica/replica.h"

namespace onyx::scheduling {

struct Delta {
  struct PeerBefore {
    GroupId group;
    bool left = false;  // has gone from the cluster with this entry
    std::optional<replica::Place> place;
  };
  struct JobBefore {
    JobId id;
    ReplicaVersion version = -1;
    bool had_peers = false;
    std::optional<PeerId> coordinator;
    bool restarted = false;                  // a new version is due, whoever moved
    std::optional<replica::JobState> ended;  // the job has gone from the live ones
  };
  std::map<PeerId, PeerBefore> peers;
  std::map<Position, JobBefore> jobs;  // by submission position
};

// Writes down how the job is, before its first change.
Delta::JobBefore& touch(Delta& delta, const replica::Job& job);

// Takes the peer off its task, if it is on one; it becomes idle and its slot a hole.
void unseat(replica::Replica& replica, Delta& delta, const PeerId& peer);
void unseat_all(replica::Replica& replica, Delta& delta, Position job);

// Puts an idle peer on the task, in its lowest hole or at the end.
void seat(replica::Replica& replica, Delta& delta, Position job, std::int32_t task,
          const PeerId& peer);

// Peers on the task, without holes.
std::int64_t seated(const Delta& delta, const replica::Job& job, std::size_t task);

// Closes holes: the peer with the highest slot moves into the lowest hole. Slots are 0…n−1 again, and whoever stays
// keeps its slot unless it lies beyond the last.
void close_holes(replica::Replica& replica, Delta& delta);

}  // namespace onyx::scheduling
