// The only way an allocation changes: peers are unseated and seated here, and what was before is written down.
//
// Shape:   Delta holds, for each peer and job that was touched since the entry began, how it was. While an entry is being
//          applied Job::seats may hold holes (empty ids) where a peer was unseated; settle() closes them.
// Units:   each call costs O(log n) in the size of the replica.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "common/base/ids.h"
#include "daemon/replica/queries.h"
#include "daemon/replica/replica.h"

namespace onyx::scheduling {

struct Delta {
  struct PeerBefore {
    GroupId group;
    bool left = false;  // has gone from the cluster with this entry
    std::optional<replica::Peer::Seat> seat;
    std::optional<replica::Peer::Seat> after;  // by give_versions()
  };
  struct JobBefore {
    JobId id;
    std::shared_ptr<const replica::JobSpec> spec;
    ReplicaVersion version = -1;
    bool had_peers = false;
    std::optional<PeerId> coordinator;
    bool restarted = false;  // a new version is due, whoever moved
    bool moved = false;      // by give_versions(): a peer came, left or changed its place
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

struct Seating {
  Position job = -1;
  std::int32_t task = 0;
  PeerId peer;
};

// Takes those who leave off their tasks, then puts the others, all of them idle by then, on theirs: each in the lowest
// hole or at the end. `leaving` by id.
void rearrange(replica::Replica& replica, Delta& delta, const std::vector<PeerId>& leaving,
               const std::vector<Seating>& seatings);

// Peers on the task, without holes.
std::int64_t seated(const Delta& delta, const replica::Job& job, std::size_t task);

// Closes holes: the peer with the highest slot moves into the lowest hole. Slots are 0…n−1 again, and whoever stays
// keeps its slot unless it lies beyond the last.
void close_holes(replica::Replica& replica, Delta& delta);

}  // namespace onyx::scheduling
