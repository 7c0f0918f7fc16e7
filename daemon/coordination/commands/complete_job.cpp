// A job has done all its work: its coordinator says so once the sealing barrier is through.
#include "daemon/coordination/end_job.h"

namespace onyx::coordination {

Change apply(const CompleteJob& command, Applying& a) {
  // The version fences a coordinator that was deposed while the job went on elsewhere.
  if (auto refused = refuse_unless_live(a.replica, command.job, command.version)) return *refused;
  end_job(a, command.job, replica::JobState::completed, {}, {});
  return JobEnded{command.job};
}

}  // namespace onyx::coordination
