// The usual placement: every task keeps its first peers by slot, up to its plan, and gets the smallest idle ones, task by
// task in the order of jobs. Nobody is displaced.
#pragma once

#include <optional>

#include "daemon/scheduling/placement/colocation.h"
#include "daemon/scheduling/placement/placement.h"

namespace onyx::scheduling {

// Nothing when there is no idle peer for some task: then others have to make room.
std::optional<Placement> place_from_idle(const Problem& problem, const Colocation& colocation);

}  // namespace onyx::scheduling
