// Peers for every task when idle ones alone do not do: others are displaced, and if need be somebody goes short.
//
// Shape:   task by task: one that finds no idle peer has others moved along a shortest chain of tasks, in the end to an
//          idle peer. If that leaves anyone short, again with minima before targets and the fewest first; then (but for the
//          greedy job scheduler, across jobs) a task below its minimum may take a peer from one above its own.
#pragma once

#include "daemon/scheduling/placement/colocation.h"
#include "daemon/scheduling/placement/placement.h"

namespace onyx::scheduling {

Placement place_with_moves(const Problem& problem, const Colocation& colocation);

}  // namespace onyx::scheduling
