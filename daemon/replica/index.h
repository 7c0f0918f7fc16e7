// The scheduler's index inside a replica: pools of peers that can run the same things, and the distinct requirements.
//
// Shape:   derived from peers, groups and jobs. Entries are found or added as peers and jobs come; reindex() builds it
//          anew, which drops what nobody uses any more (at gc) and completes a replica that was read from EDN.
#pragma once

#include <cstdint>

#include "daemon/replica/replica.h"

namespace onyx::replica {

// The index of this requirement; added when it is not there.
std::int32_t requirement_index(Replica& replica, const Requirement& requirement);

// A new peer; schedulable, idle, when its group has joined.
void add_peer(Replica& replica, Peer peer, const Group& group);

// A peer whose group has joined becomes schedulable, idle. A peer without a seat goes from its pool.
void enter_pool(Replica& replica, const PeerId& peer);
void leave_pool(Replica& replica, const PeerId& peer);

void reindex(Replica& replica);

}  // namespace onyx::replica
