// A job starts over with the peers it has, under a new allocation version; after too many failures it is killed.
#include <fmt/format.h>

#include "daemon/coordination/end_job.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

Change apply(const RestartJob& command, Applying& a) {
  // Several peers may report one failure: all but the first speak of a version that is over.
  if (auto refused = refuse_unless_live(a.replica, command.job, command.version)) return *refused;
  const replica::Job* job = replica::find_job(a.replica, command.job);
  if (!job->has_peers()) {
    return Rejected{Refusal::stale, fmt::format("job {} is not running", command.job.text())};
  }
  if (command.limit && job->failures >= *command.limit) {
    end_job(a, command.job, replica::JobState::killed,
            fmt::format("failed again after {} {}: {}", job->failures,
                        job->failures == 1 ? "restart" : "restarts", command.reason),
            command.by);
    return JobEnded{command.job};
  }
  replica::Job& changed = *a.replica.jobs.edit(job->submitted_at);
  scheduling::touch(a.delta, changed).restarted = true;
  changed.last_failure = command.reason;
  return JobRestarted{command.job, ++changed.failures};
}

}  // namespace onyx::coordination
