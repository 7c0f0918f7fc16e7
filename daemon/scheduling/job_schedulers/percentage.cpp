#include <algorithm>
#include <queue>

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

// The rest goes in proportion: always to the running job that is furthest below its percentage, which is to say that
// has the smallest (use + 1) / percentage. Whatever the number, the jobs end up with the units of smallest u / percentage.

// All units up to a level of u / percentage that `spare` is sure to cover; the level is found by halving. Gives how many.
std::int64_t raise_in_proportion(const std::vector<JobView*>& jobs, std::int64_t peers,
                                 std::int64_t spare) {
  constexpr int kShift = 16;  // levels are multiples of 2^-16 peers a millionth
  const auto target = [&](const JobView& job, std::int64_t level) {
    return std::max(job.use, std::min(job.capacity(), (level * percentage(job)) >> kShift));
  };
  const auto units = [&](std::int64_t level) {
    std::int64_t sum = 0;
    for (const JobView* job : jobs) {
      if (job->use > 0) sum += target(*job, level) - job->use;
    }
    return sum;
  };
  std::int64_t low = 0;                       // covered
  std::int64_t high = (peers + 1) << kShift;  // a millionth would have more than there are
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (units(middle) <= spare ? low : high) = middle;
  }
  const std::int64_t given = units(low);
  for (JobView* job : jobs) {
    if (job->use > 0) job->use = target(*job, low);
  }
  return given;
}

void give_one_by_one(const std::vector<JobView*>& jobs, std::int64_t spare) {
  const auto is_later = [&](std::size_t a, std::size_t b) {
    const std::int64_t left = (jobs[a]->use + 1) * percentage(*jobs[b]);
    const std::int64_t right = (jobs[b]->use + 1) * percentage(*jobs[a]);
    return left != right ? left > right : a > b;
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(is_later)> next(is_later);
  const auto offer = [&](std::size_t i) {
    if (jobs[i]->use > 0 && jobs[i]->use < jobs[i]->capacity()) next.push(i);
  };
  for (std::size_t i = 0; i < jobs.size(); ++i) offer(i);
  for (; spare > 0 && !next.empty(); --spare) {
    const std::size_t i = next.top();
    next.pop();
    ++jobs[i]->use;
    offer(i);
  }
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
  spare -= raise_in_proportion(jobs, problem.peers, spare);
  give_one_by_one(jobs, spare);
}

}  // namespace onyx::scheduling
