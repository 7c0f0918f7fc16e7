// The scheduler's index inside a replica: pools of peers that can run the same things, and the distinct requirements.
//
// Shape:   derived from peers, groups and jobs. Entries are found or added as peers and jobs come; reindex() builds it
//          anew, which drops what nobody uses any more (at gc) and completes a replica that was read from EDN.
#pragma once

#include <cstdint>

#include "daemon/replica/replica.h"

namespace onyx::replica {

// The index of the pool with this capability; added when there is none.
std::int32_t pool_index(Replica& replica, const Capability& capability);
std::int32_t requirement_index(Replica& replica, const Requirement& requirement);

// A peer whose group has joined becomes schedulable, idle. A peer without a seat goes from its pool.
void enter_pool(Replica& replica, const PeerId& peer);
void leave_pool(Replica& replica, const PeerId& peer);

void reindex(Replica& replica);

}  // namespace onyx::replica
