#include "daemon/scheduling/job_schedulers/job_schedulers.h"
#include "daemon/scheduling/water_fill.h"

namespace onyx::scheduling {

void share_balanced(Problem& problem) {
  std::int64_t rest = problem.peers;
  std::vector<JobView*> covered;
  std::vector<Vessel> vessels;
  covered.reserve(problem.jobs.capacity());
  vessels.reserve(problem.jobs.capacity());
  for (JobView& job : problem.jobs) {
    if (job.out != Out::no || job.lower > job.capacity() || job.lower > rest) continue;
    rest -= job.lower;
    covered.push_back(&job);
    vessels.push_back({job.lower, job.capacity()});
  }
  water_fill(vessels, rest);
  for (std::size_t i = 0; i < covered.size(); ++i) covered[i]->use = vessels[i].level;
}

}  // namespace onyx::scheduling
