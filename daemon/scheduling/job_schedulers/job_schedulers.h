// How many peers each job may use: the tenancy's job scheduler.
//
// Shape:   sets JobView::use of every job that is not out: 0, or at least its lower bound and at most its capacity.
//          The sum never exceeds the peers there are. Bounds are set before.
// Source:  spec of scheduling, 3, with the rulings D5 (balanced covers first) and D6 (percentage as the guide has it).
#pragma once

#include <vector>

#include "daemon/scheduling/problem.h"

namespace onyx::scheduling {

void share_greedy(Problem& problem);  // the first job takes all it can, then the next
void share_balanced(
    Problem& problem);  // everyone its minimum in order, the rest to whoever has the fewest
void share_percentage(Problem& problem);  // by the percentage that each job gives

// The jobs that a percentage share goes to: highest first, those that together stay within the whole.
std::vector<JobView*> chosen_by_percentage(Problem& problem);

void share(Problem& problem);  // as the replica's parameters say

}  // namespace onyx::scheduling
