// How many peers each job may use: the tenancy's job scheduler.
//
// Shape:   sets JobView::use of every job that is not out: 0, or at least its lower bound and at most its capacity.
//          The sum never exceeds the peers there are. Bounds are set before.
// Source:  spec of scheduling, 3, with the rulings D5 (balanced covers first) and D6 (percentage as the guide has it).
#pragma once

#include <span>
#include <vector>

#include "daemon/scheduling/problem.h"

namespace onyx::scheduling {

// What a job can be given: nothing, or at least `lower` and at most `capacity`. Nothing when the least is more than the most.
struct Range {
  std::int64_t lower = 0;  // >= 1
  std::int64_t capacity = 0;
};

// In the order of jobs. Greedy: the first takes all it can, then the next. Balanced: everyone its minimum in order, the rest
// to whoever has the fewest.
std::vector<std::int64_t> share_greedy(std::span<const Range> jobs, std::int64_t peers);
std::vector<std::int64_t> share_balanced(std::span<const Range> jobs, std::int64_t peers);

void share_percentage(Problem& problem);  // by the percentage that each job gives

// The jobs that a percentage share goes to: highest first, those that together stay within the whole.
std::vector<JobView*> chosen_by_percentage(Problem& problem);

void share(Problem& problem);  // as the replica's parameters say

}  // namespace onyx::scheduling
