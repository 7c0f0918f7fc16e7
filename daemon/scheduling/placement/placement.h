// Which peer sits where, given how many each task is to have: deterministic, never failing, never moving without need.
//
// Shape:   reads the problem (plan per task) and says which peers leave their task and which peers go to which. Peers
//          that a task keeps are not mentioned. When tags, plugins or sites leave a task short, the result says so:
//          a task may end below its plan, and a job below a minimum is named as the first that cannot run.
// Method:  keep what the plan allows, in slot order; fill tasks in order with the smallest qualified idle id; where there
//          is none, the shortest chain of displacements that ends at an idle peer. If that leaves anyone short, again
//          with minima before targets and the fewest first; then (but for the greedy job scheduler) a task below its
//          minimum may take a peer from one above its own.
// Source:  spec of scheduling, 8.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/ids.h"
#include "daemon/scheduling/problem.h"

namespace onyx::scheduling {

struct Placement {
  struct Seating {
    std::size_t task;  // index into Problem::tasks
    PeerId peer;
  };
  std::vector<PeerId> leaving;        // their task; some are seated elsewhere
  std::vector<Seating> seatings;      // by task, then by peer
  std::vector<std::int64_t> counts;   // per task of the problem, when one is short
  std::optional<std::size_t> failed;  // the first job with a task below its minimum
  bool is_short = false;              // some task is below its plan
};

Placement place(const Problem& problem);

}  // namespace onyx::scheduling
