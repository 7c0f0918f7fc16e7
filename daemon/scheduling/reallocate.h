// The scheduler: who works on what, worked out anew after an entry that changed peers or jobs.
//
//      pose ─▶ bounds ─▶ share (job scheduler) ─▶ split (task schedulers) ─▶ place ─▶ seats ─▶ coordinators ─▶ versions
//        ▲                                                                    │
//        └── a job that cannot be placed is out; a task that stays short is capped; at most a round per job ──┘
//
// Shape:   plan_pass() finds the answer without changing anything (explain uses it); reallocate() carries it out, by a
//          quicker way to the same (plan_changes.h) where there is one. Equal counts move nobody. An answer always exists: with every job out, it is that nobody works.
// Source:  spec of scheduling, 1 and 8. No part of it reads anything but the replica.
#pragma once

#include <optional>

#include "daemon/replica/replica.h"
#include "daemon/scheduling/placement/placement.h"
#include "daemon/scheduling/problem.h"
#include "daemon/scheduling/seating.h"

namespace onyx::scheduling {

struct Pass {
  Problem problem;                     // with the bounds, uses and plans of the last round
  std::optional<Placement> placement;  // none: the counts are right as they are
};

Pass plan_pass(const replica::Replica& replica, const Delta& delta);

// Runs a pass, then settles: holes closed, coordinators chosen, versions given at `position`.
void reallocate(replica::Replica& replica, Delta& delta, Position position);

// Settles without a pass: for entries that change a job but neither peers nor jobs.
void settle(replica::Replica& replica, Delta& delta, Position position);

}  // namespace onyx::scheduling
