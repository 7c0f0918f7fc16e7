// A live job becomes a finished one: its peers are freed, its record moves. Asks for a pass.
#pragma once

#include <string>

#include "daemon/coordination/commands/commands.h"
#include "daemon/replica/replica.h"

namespace onyx::coordination {

void end_job(Applying& a, const JobId& job, replica::JobState state, std::string reason,
             std::string by);

// Why an entry about a live job does not apply, or nothing: unknown, finished, or of another allocation.
std::optional<Rejected> refuse_unless_live(const replica::Replica& replica, const JobId& job,
                                           std::optional<ReplicaVersion> version);

}  // namespace onyx::coordination
