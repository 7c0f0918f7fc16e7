// The only way an allocation changes: peers are unseated and seated here, and what was before is written down.
//
// Shape:   Delta holds, for each peer and job that was touched since the entry began, how it was, and where it is now: records
//          stay where they are until the entry has been applied, as nobody else gets a copy of the replica meanwhile. While an
//          entry is being applied Job::seats may hold holes (empty ids) where a peer was unseated; settle() closes them.
// Units:   each call costs O(log n) in the size of the replica.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <vector>

#include "common/base/ids.h"
#include "daemon/replica/queries.h"
#include "daemon/replica/replica.h"

namespace onyx::scheduling {

struct Delta {
  struct PeerBefore {
    const replica::Peer* now = nullptr;  // none: it has gone from the cluster with this entry
    GroupId group;
    std::optional<replica::Peer::Seat> seat;
    std::optional<replica::Peer::Seat> after;  // by see_moves()
  };
  struct JobBefore {
    replica::Job* now = nullptr;  // none: it has gone from the live ones
    JobId id;
    std::shared_ptr<const replica::JobSpec> spec;
    ReplicaVersion version = -1;
    bool had_peers = false;
    std::optional<PeerId> coordinator;
    bool has_holes = false;  // in its seats, perhaps
    bool restarted = false;  // a new version is due, whoever moved
    bool moved = false;      // by see_moves(): a peer came, left or changed its place
    std::optional<replica::JobState> ended;  // <=> now is none
  };

  Delta() = default;
  Delta(const Delta&) = delete;
  Delta& operator=(const Delta&) = delete;

 private:
  std::array<std::byte, 8 * 1024> room_;  // for what most entries touch
  std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};

 public:
  std::pmr::map<PeerId, PeerBefore> peers{&memory_};
  std::pmr::map<Position, JobBefore> jobs{&memory_};  // by submission position
};

// Writes down how the job is, before its first change. It comes from edit().
Delta::JobBefore& touch(Delta& delta, replica::Job& job);

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

// How the peers that were touched sit now; a job that its coordinator has left has none.
void see_moves(Delta& delta);

// Closes holes: the peer with the highest slot moves into the lowest hole. Slots are 0…n−1 again, and whoever stays
// keeps its slot unless it lies beyond the last.
void close_holes(replica::Replica& replica, Delta& delta);

}  // namespace onyx::scheduling
