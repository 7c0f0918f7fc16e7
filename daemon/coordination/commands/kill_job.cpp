// A job ends before its input does: asked for by a client, or by a task that failed.
#include "daemon/coordination/end_job.h"

namespace onyx::coordination {

Change apply(const KillJob& command, Applying& a) {
  if (auto refused = refuse_unless_live(a.replica, command.job, command.version)) return *refused;
  end_job(a, command.job, replica::JobState::killed, command.reason, command.by);
  return JobEnded{command.job};
}

}  // namespace onyx::coordination
