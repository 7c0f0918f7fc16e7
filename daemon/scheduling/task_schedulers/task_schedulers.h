// How a job's peers spread over its tasks: the job's task scheduler.
//
// Shape:   sets TaskView::plan of the job's tasks from JobView::use: all 0 when the job is not covered, else each within
//          its bounds.
// Source:  spec of scheduling, 4; minima of the percentage scheduler are kept, arithmetic is whole.
#pragma once

#include "daemon/scheduling/problem.h"

namespace onyx::scheduling {

void split_balanced(Problem& problem, const JobView& job);
void split_percentage(Problem& problem, const JobView& job);
// The same number on every task; where whole chunks fit is colocation's business (placement/colocation.h).
void split_colocated(Problem& problem, const JobView& job);

void split(Problem& problem, const JobView& job);  // as the job says

}  // namespace onyx::scheduling
