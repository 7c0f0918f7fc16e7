#include "daemon/scheduling/job_schedulers/job_schedulers.h"

namespace onyx::scheduling {

void share_greedy(Problem& problem) {
  std::int64_t rest = problem.peers;
  for (JobView& job : problem.jobs) {
    if (job.out != Out::no) continue;
    const std::int64_t share = std::min(rest, job.capacity());
    if (share < job.lower) continue;
    job.use = share;
    rest -= share;
  }
}

void share(Problem& problem) {
  switch (problem.replica->parameters->job_scheduler) {
    case replica::JobScheduler::greedy:
      return share_greedy(problem);
    case replica::JobScheduler::balanced:
      return share_balanced(problem);
    case replica::JobScheduler::percentage:
      return share_percentage(problem);
  }
}

}  // namespace onyx::scheduling
