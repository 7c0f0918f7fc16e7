// Laws of the placement: where idle peers are enough nobody is displaced, by whatever way it is worked out.
#include <fmt/format.h>
#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "daemon/scheduling/placement/from_idle.h"
#include "daemon/scheduling/placement/with_moves.h"
#include "tests/support/cluster_log.h"

using namespace onyx;
using namespace onyx::scheduling;

namespace {

int below(int limit) { return *rc::gen::inRange(0, limit); }

std::vector<std::string> some_tags(int one_in) {
  return below(one_in) == 0 ? std::vector<std::string>{"gpu"} : std::vector<std::string>{};
}

// A cluster as some jobs and peers that came and went have left it.
test::ClusterLog any_cluster() {
  test::ClusterLog log = test::ClusterLog::with_peers(0);
  const int steps = 3 + below(12);
  int peers = 0;
  for (int step = 0; step < steps; ++step) {
    switch (below(4)) {
      case 0: {
        std::vector<std::string> ids;
        for (int i = below(6); i >= 0; --i) ids.push_back(fmt::format("p{:02}", 89 - peers++));
        log.append(test::add_peers("g", ids, some_tags(2), fmt::format("host{} x", below(3))));
        break;
      }
      case 1:
        log.append(coordination::LeaveCluster{PeerId(fmt::format("p{:02}", 89 - below(20))), {}});
        break;
      default: {
        auto spec =
            test::chain({test::task("in"), test::task("f", 1 + below(2)), test::task("out")});
        if (below(3) == 0) spec.task_scheduler = replica::TaskScheduler::colocated;
        spec.tasks[1].required_tags = some_tags(3);
        log.append(test::submit(fmt::format("j{}", step), spec));
      }
    }
  }
  return log;
}

// Other numbers of peers than the tasks have, within what there is.
void plan_anything(Problem& problem) {
  std::int64_t rest = problem.peers;
  for (JobView& job : problem.jobs) {
    const bool colocated = job.job->spec->task_scheduler == replica::TaskScheduler::colocated;
    const auto tasks = problem.tasks_of(job);
    const int chunks = below(4);
    job.use = 0;
    for (TaskView& task : tasks) {
      task.plan = std::clamp<std::int64_t>(colocated ? chunks : below(5), 0,
                                           std::max<std::int64_t>(rest, 0));
      if (colocated && rest < chunks * static_cast<std::int64_t>(tasks.size())) task.plan = 0;
      job.use += task.plan;
    }
    rest -= job.use;
    job.lower = std::min(job.lower, job.use);
  }
}

std::string text_of(const Placement& placement) {
  std::string text = "leave";
  for (const PeerId& peer : placement.leaving) text += " " + peer.text();
  for (const auto& [task, peer] : placement.seatings)
    text += fmt::format(" {}:{}", task, peer.text());
  return text;
}

}  // namespace

TEST_CASE("placement: from idle peers alone, or with moves that turn out to be none, is the same",
          "[scheduling][property]") {
  int placed = 0;
  CHECK(rc::check([&] {
    const test::ClusterLog log = any_cluster();
    Problem problem = pose(log.replica(), {});
    set_bounds(problem);
    plan_anything(problem);
    const Colocation colocation = has_colocated(problem) ? colocate(problem) : Colocation{};
    const auto from_idle = place_from_idle(problem, colocation);
    if (!from_idle) return;
    placed += from_idle->seatings.empty() ? 0 : 1;
    RC_ASSERT(text_of(*from_idle) == text_of(place_with_moves(problem, colocation)));
  }));
  CHECK(placed > 0);  // the law has been put to the test
}
