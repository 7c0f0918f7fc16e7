// The law of the quick pass: a scheduler that looks only at the jobs that change comes to what one that looks at all comes to.
#include <fmt/format.h>
#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "common/edn/printer.h"
#include "daemon/coordination/outcome_edn.h"
#include "daemon/scheduling/plan_changes.h"
#include "tests/support/cluster_log.h"

using namespace onyx;
using namespace onyx::scheduling;
using coordination::Command;

namespace {

int below(int limit) { return *rc::gen::inRange(0, limit); }

std::optional<std::int64_t> some_max(std::int64_t min) {
  return below(3) == 0 ? std::optional(min + below(4)) : std::nullopt;
}

replica::TaskSpec any_task(const char* name) {
  auto task = test::task(name, 1 + below(3));
  task.max_peers = some_max(task.min_peers);
  if (below(5) == 0) task.flux = replica::FluxPolicy(below(4));
  task.percentage_ppm = 1 + below(500'000);
  return task;
}

replica::JobSpec any_job() {
  auto spec = test::chain({any_task("in"), any_task("f"), any_task("out")});
  if (below(3) == 0) spec.task_scheduler = replica::TaskScheduler::percentage;
  if (below(4) == 0) spec.saturation = 3 + below(10);
  return spec;
}

PeerId peer(int n) { return PeerId(fmt::format("p{:02}", n)); }

Command any_command(const replica::Replica& replica, int step) {
  const auto& jobs = replica.jobs;
  switch (below(jobs.empty() ? 4 : 7)) {
    case 0:
    case 1: {
      coordination::AddVirtualPeers add{.group = GroupId("g")};
      for (int i = below(8); i >= 0; --i) add.peers.push_back(peer(below(60)));
      return add;
    }
    case 2:
      return coordination::LeaveCluster{peer(below(60)), {}};
    case 3:
      return test::submit(fmt::format("j{:02}", step), any_job());
    default: {
      auto job = jobs.begin();
      for (int i = below(static_cast<int>(jobs.size())); i > 0; --i) ++job;
      if (below(2) == 0) return coordination::KillJob{job->id, {}, {}, std::nullopt};
      if (below(2) == 0) return coordination::RestartJob{.job = job->id, .version = job->version};
      return coordination::CompleteJob{.job = job->id, .version = job->version};
    }
  }
}

}  // namespace

TEST_CASE("plan: by the jobs that change, or by all of them, is the same",
          "[scheduling][property]") {
  int quick = 0;
  std::size_t passed_over = 0;
  CHECK(rc::check([&] {
    replica::Parameters parameters;
    if (below(3) == 0) parameters.job_scheduler = replica::JobScheduler::greedy;
    auto by_changes = test::ClusterLog::with_peers(0, parameters);
    replica::Replica before = by_changes.replica();
    // Something that no peer may run: then all are looked at.
    before.requirements.edit().push_back({{"nobody"}, {}});
    test::ClusterLog by_all(before);
    const int steps = 5 + below(25);
    for (int step = 0; step < steps; ++step) {
      const Command command = any_command(by_all.replica(), step);
      const auto diff = edn::print(coordination::to_edn(by_changes.append(command)));
      RC_ASSERT(diff == edn::print(coordination::to_edn(by_all.append(command))));
      RC_ASSERT(by_changes.replica() == by_all.replica());
      RC_ASSERT(by_changes.violations().empty());
      const auto& now = by_changes.replica();
      RC_ASSERT(!plan_changes(by_all.replica(), {}) || now.jobs.empty() || now.peers.empty());
      const auto plan = plan_changes(now, {});
      if (!plan) continue;
      RC_ASSERT(plan->placement.has_value() == plan_pass(now, {}).placement.has_value());
      quick += now.jobs.size() > 1 ? 1 : 0;
      passed_over += now.jobs.size() - plan->problem.jobs.size();
    }
  }));
  CHECK(quick > 0);
  CHECK(passed_over > 0);  // jobs that have what they are to have
}
