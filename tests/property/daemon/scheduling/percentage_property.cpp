// Laws of the percentage job scheduler: sharing in a few steps comes to what handing out peer by peer comes to.
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <list>

#include "daemon/scheduling/job_schedulers/job_schedulers.h"

using namespace onyx;
using namespace onyx::scheduling;

namespace {

// Jobs made from numbers; `jobs` outlives the problem that points to it.
Problem problem_of(std::list<replica::Job>& jobs, std::int64_t peers,
                   const std::vector<std::uint32_t>& numbers) {
  Problem problem;
  problem.peers = peers;
  for (std::size_t i = 0; i + 2 < numbers.size(); i += 3) {
    replica::JobSpec spec;
    spec.percentage_ppm = numbers[i] % 4 == 0 ? 1 + numbers[i] % 1'000 : numbers[i] % 300'000;
    replica::Job& job = jobs.emplace_back();
    job.spec = std::make_shared<const replica::JobSpec>(spec);
    JobView& view = problem.jobs.emplace_back();
    view.job = &job;
    view.lower = 1 + numbers[i + 1] % 4;
    view.upper = numbers[i + 1] % 3 == 0 ? kNoLimit : view.lower + numbers[i + 2] % 40;
    view.qualified = numbers[i + 2] % 5 == 0 ? view.lower : peers;
  }
  return problem;
}

std::int64_t sum_of(const Problem& problem) {
  std::int64_t sum = 0;
  for (const JobView& job : problem.jobs) sum += job.use;
  return sum;
}

}  // namespace

TEST_CASE("percentage: nobody who runs is further below his percentage than one who got a peer",
          "[scheduling][property]") {
  CHECK(rc::check([](const std::vector<std::uint32_t>& numbers) {
    std::list<replica::Job> jobs;
    const std::int64_t peers = *rc::gen::inRange(0, 3'000);
    Problem problem = problem_of(jobs, peers, numbers);
    share_percentage(problem);
    RC_ASSERT(sum_of(problem) <= peers);
    bool any_takes_more = false;
    for (const JobView& one : problem.jobs) {
      const std::int64_t mine = one.job->spec->percentage_ppm;
      if (one.use > 0) RC_ASSERT(one.use >= one.lower);
      RC_ASSERT(one.use <= std::max<std::int64_t>(0, one.capacity()));
      if (one.use == 0 || one.use >= one.capacity()) continue;
      any_takes_more = true;
      // Whoever has more than his share and his minimum got the last of it by the rule: (use) / percentage was smaller.
      for (const JobView& other : problem.jobs) {
        const std::int64_t theirs = other.job->spec->percentage_ppm;
        const std::int64_t share = peers * theirs / replica::kWholePpm + 1;
        if (other.use <= std::max(other.lower, share)) continue;
        RC_ASSERT(other.use * mine <= (one.use + 1) * theirs);
      }
    }
    // Peers are left only when every running job is full.
    if (any_takes_more) RC_ASSERT(sum_of(problem) == peers);
  }));
}

TEST_CASE("percentage: the earlier job gets the odd peer", "[scheduling]") {
  std::list<replica::Job> jobs;
  Problem problem;
  problem.peers = 10'001;
  for (int i = 0; i < 1'000; ++i) {
    replica::JobSpec spec;
    spec.percentage_ppm = 100;  // a tenth of the cluster in all; the rest is left over
    replica::Job& job = jobs.emplace_back();
    job.spec = std::make_shared<const replica::JobSpec>(spec);
    JobView& view = problem.jobs.emplace_back();
    view.job = &job;
    view.lower = 1;
    view.upper = kNoLimit;
    view.qualified = problem.peers;
  }
  share_percentage(problem);
  CHECK(problem.jobs.front().use == 11);
  for (std::size_t i = 1; i < problem.jobs.size(); ++i) REQUIRE(problem.jobs[i].use == 10);
}
