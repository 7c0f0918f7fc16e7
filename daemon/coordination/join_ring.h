// What the five commands of joining and leaving share: the ring of groups that watch each other.
//
//      unknown ──prepare──▶ prepared ──notify──▶ accepted ──accept──▶ joined ──leave──▶ left
//         │                    │ abort, observer died │
//         └──no observer free──┴──────▶ aborted ◀─────┘     aborted ──prepare──▶ prepared
//
// Source:  spec of coordination, 6.
#pragma once

#include <optional>
#include <vector>

#include "daemon/coordination/commands/commands.h"
#include "daemon/replica/replica.h"

namespace onyx::coordination {

// Joined groups that can bring in a joiner now, sorted: those not at it already, nor watching one that is.
std::vector<GroupId> free_observers(const replica::Membership& ring, const GroupId& joiner);
// The joined groups that cannot, sorted.
std::vector<GroupId> busy_observers(const replica::Membership& ring);

// The observer that prepared, or accepted, this joiner.
std::optional<GroupId> observer_in(const std::map<GroupId, GroupId>& joining,
                                   const GroupId& joiner);
bool is_joining(const replica::Membership& ring, const GroupId& joiner);

// The group's record, made if there is none.
replica::Group& group_record(replica::Replica& replica, const GroupId& group);

// The group joins: last in order, its orphans become schedulable. Gives their ids.
std::vector<PeerId> join(Applying& a, const GroupId& group);

// The peer goes from the cluster: off its task, out of every index. Asks for a pass.
void remove_peer(Applying& a, const PeerId& peer);
// The job dies with a peer of a task that says so (flux policy :kill).
void kill_by_flux(Applying& a, const PeerId& peer);

}  // namespace onyx::coordination
