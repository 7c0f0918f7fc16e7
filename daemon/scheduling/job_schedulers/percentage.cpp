#include <algorithm>

#include "daemon/scheduling/job_schedulers/job_schedulers.h"

namespace onyx::scheduling {

namespace {

std::int64_t percentage(const JobView& job) { return job.job->spec->percentage_ppm; }

// The whole part of each share, then one more each to the largest remainders.
std::vector<std::int64_t> offers(const std::vector<JobView*>& jobs, std::int64_t peers) {
  std::vector<std::int64_t> offer;
  std::vector<std::pair<std::int64_t, std::size_t>>
      remainders;  // negated, so that the largest sorts first
  std::int64_t extra = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::int64_t share = peers * percentage(*jobs[i]);
    offer.push_back(share / replica::kWholePpm);
    remainders.emplace_back(-(share % replica::kWholePpm), i);
    extra += share % replica::kWholePpm;
  }
  std::sort(remainders.begin(), remainders.end());
  extra /= replica::kWholePpm;
  for (const auto& [remainder, i] : remainders) {
    if (extra-- <= 0) break;
    ++offer[i];
  }
  return offer;
}

}  // namespace

// Highest percentage first, the earlier job on a tie; those that together stay within the whole.
std::vector<JobView*> chosen_by_percentage(Problem& problem) {
  std::vector<JobView*> order;
  for (JobView& job : problem.jobs) {
    if (job.out == Out::no && percentage(job) > 0) order.push_back(&job);
  }
  std::stable_sort(order.begin(), order.end(), [](const JobView* a, const JobView* b) {
    return percentage(*a) > percentage(*b);
  });
  std::int64_t sum = 0;
  std::erase_if(order, [&](const JobView* job) {
    if (sum + percentage(*job) > replica::kWholePpm) return true;
    sum += percentage(*job);
    return false;
  });
  return order;
}

void share_percentage(Problem& problem) {
  const std::vector<JobView*> jobs = chosen_by_percentage(problem);
  const std::vector<std::int64_t> offer = offers(jobs, problem.peers);
  std::int64_t spare = problem.peers;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::int64_t share = std::min(offer[i], jobs[i]->capacity());
    if (share < jobs[i]->lower) continue;
    jobs[i]->use = share;
    spare -= share;
  }
  // A job whose share does not cover it runs on what the others leave.
  for (JobView* job : jobs) {
    if (job->use > 0 || job->lower > spare || job->lower > job->capacity()) continue;
    job->use = job->lower;
    spare -= job->lower;
  }
  // The rest in proportion: always to the running job that is furthest below its percentage.
  while (spare > 0) {
    JobView* next = nullptr;
    for (JobView* job : jobs) {
      if (job->use == 0 || job->use >= job->capacity()) continue;
      if (next == nullptr ||
          (job->use + 1) * percentage(*next) < (next->use + 1) * percentage(*job)) {
        next = job;
      }
    }
    if (next == nullptr) break;
    ++next->use;
    --spare;
  }
}

}  // namespace onyx::scheduling
