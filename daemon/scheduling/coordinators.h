// The last stages of a pass, for the jobs that it touched: who coordinates them, and which allocation this is.
#pragma once

#include "daemon/replica/replica.h"
#include "daemon/scheduling/seating.h"

namespace onyx::scheduling {

// Keeps the coordinator while it is one of the job's peers, else takes the smallest id; none without peers.
void choose_coordinators(Delta& delta);

// A job whose allocation changed, as sets of peers per task, or that was restarted, gets `position` as its version.
void give_versions(Delta& delta, Position position);

}  // namespace onyx::scheduling
