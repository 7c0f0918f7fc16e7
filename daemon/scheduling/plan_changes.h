// A pass that looks closely only at the jobs whose number of peers changes: the usual case, in a fraction of the time.
#pragma once

#include <optional>

#include "daemon/scheduling/reallocate.h"

namespace onyx::scheduling {

// The same placement as plan_pass(); its problem has only the jobs that were touched or change. Nothing where every job has
// to be looked at: some peers may not run everything, colocated jobs, shares by percentage, a job that gives up its pins.
// The replica's standings are up to date.
std::optional<Pass> plan_changes(const replica::Replica& replica, const Delta& delta);

}  // namespace onyx::scheduling
