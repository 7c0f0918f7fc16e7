#include "daemon/scheduling/job_schedulers/job_schedulers.h"

namespace onyx::scheduling {

std::vector<std::int64_t> share_greedy(std::span<const Range> jobs, std::int64_t peers) {
  std::vector<std::int64_t> uses(jobs.size(), 0);
  for (std::size_t j = 0; j < jobs.size() && peers > 0; ++j) {
    const std::int64_t share = std::min(peers, jobs[j].capacity);
    if (share < jobs[j].lower) continue;
    uses[j] = share;
    peers -= share;
  }
  return uses;
}

void share(Problem& problem) {
  const auto scheduler = problem.replica->parameters->job_scheduler;
  if (scheduler == replica::JobScheduler::percentage) return share_percentage(problem);
  std::vector<Range> ranges;
  ranges.reserve(problem.jobs.capacity());
  for (const JobView& job : problem.jobs) {
    ranges.push_back({job.lower, job.out == Out::no ? job.capacity() : 0});
  }
  const auto uses = scheduler == replica::JobScheduler::greedy
                        ? share_greedy(ranges, problem.peers)
                        : share_balanced(ranges, problem.peers);
  for (std::size_t j = 0; j < uses.size(); ++j) problem.jobs[j].use = uses[j];
}

}  // namespace onyx::scheduling
