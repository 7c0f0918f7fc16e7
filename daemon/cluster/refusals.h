// The errors that every implementation of the seams gives alike.
#pragma once

#include "common/base/ids.h"
#include "common/base/result.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/job_store.h"

namespace onyx::cluster {

tl::unexpected<Error> entry_too_large(std::size_t bytes);
tl::unexpected<Error> origin_goes_back(const Origin& next, Position current);
tl::unexpected<Error> origin_moved(Position found, Position expected);
tl::unexpected<Error> origin_does_not_cover(Position below, Position origin);
tl::unexpected<Error> id_taken(const JobId& job);
tl::unexpected<Error> pulse_taken(const GroupId& group);
tl::unexpected<Error> coordinator_deposed(const JobId& job);

// The bytes that a submission puts into the store.
std::size_t bytes_of(const JobSubmission& submission);

// Refuses what is over kJobBytesMax or kEntryBytesMax, and names the largest chunk.
Result<void> check_size(const JobSubmission& submission);

}  // namespace onyx::cluster
