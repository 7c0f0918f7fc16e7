#include "daemon/scheduling/explain.h"

#include <catch2/catch.hpp>

#include "tests/support/cluster_log.h"

using namespace onyx;
using namespace onyx::scheduling;
using coordination::KillJob;
using coordination::LeaveCluster;
using test::ClusterLog;

namespace {

std::string why(const ClusterLog& log, const std::string& job) {
  return explain_text(explain(log.replica(), JobId(job)));
}

}  // namespace

TEST_CASE("explain: no peers at all", "[scheduling][explain]") {
  ClusterLog log;
  log.append(test::submit("j", test::chain({test::task("in"), test::task("out")})));
  CHECK(explain(log.replica(), JobId("j")).reason == Reason::no_peers);
  CHECK(why(log, "j") ==
        "job j waits: the cluster has no peers\n"
        "  needs 2 peers   in 1 · out 1\n"
        "  cluster         0 peers, 0 idle, 0 of use to this job · 0 groups · balanced scheduler\n"
        "  help            onyxctl peer add 2\n");
}

TEST_CASE("explain: fewer peers than its minimum", "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(2);
  log.append(test::submit(
      "j", test::chain({test::task("in"), test::task("count", 2), test::task("out")})));
  const Explanation e = explain(log.replica(), JobId("j"));
  CHECK(e.reason == Reason::too_few_peers);
  CHECK(e.needs == 4);
  CHECK(e.peers == 2);
  CHECK(why(log, "j") ==
        "job j waits: it needs 4 peers, the cluster has 2: 2 more\n"
        "  needs 4 peers   in 1 · count 2 · out 1\n"
        "  cluster         2 peers, 2 idle, 2 of use to this job · 1 group · balanced scheduler\n"
        "  help            onyxctl peer add 2\n");
}

TEST_CASE("explain: other jobs hold the peers", "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(3);
  log.append(test::submit("j1", test::chain({test::task("a"), test::task("b")})));
  log.append(test::submit("j2", test::chain({test::task("c"), test::task("d")})));
  const Explanation e = explain(log.replica(), JobId("j2"));
  CHECK(e.reason == Reason::held_by_others);
  REQUIRE(e.holders.size() == 1);
  CHECK((e.holders[0] == Holder{JobId("j1"), "", 3, 2}));
  CHECK(e.ahead == 1);
  CHECK(why(log, "j2") ==
        "job j2 waits: it needs 2 peers, 0 are free, other jobs hold the rest\n"
        "  needs 2 peers   c 1 · d 1\n"
        "  cluster         3 peers, 0 idle, 3 of use to this job · 1 group · balanced scheduler\n"
        "  held            3 peers by job j1 (it needs 2)\n"
        "  help            onyxctl peer add 2, or wait for a job to end, or kill one\n");
}

TEST_CASE("explain: too few peers have the tags", "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(3);
  auto spec = test::chain({test::task("in"), test::task("gpu"), test::task("out")});
  spec.tasks[1].required_tags = {"cuda"};
  log.append(test::submit("j", spec));
  CHECK(explain(log.replica(), JobId("j")).reason == Reason::missing_tags);
  CHECK(why(log, "j").find("  task gpu needs 1 peer with the tags :cuda; the cluster has 0\n") !=
        std::string::npos);
}

TEST_CASE("explain: no group has the plugin", "[scheduling][explain]") {
  ClusterLog log;
  log.append(coordination::PrepareJoinCluster{GroupId("g"), std::vector<std::string>{"my/seq"}});
  log.append(test::add_peers("g", {"p1", "p2", "p3"}));
  auto spec = test::chain({test::task("in"), test::task("out")});
  spec.tasks[0].plugin = "my/kafka";
  log.append(test::submit("j", spec));
  CHECK(explain(log.replica(), JobId("j")).reason == Reason::missing_plugin);
  CHECK(
      why(log, "j").find("  task in needs 1 peer with the plugin :my/kafka; the cluster has 0\n") !=
      std::string::npos);
}

TEST_CASE("explain: no percentage is left", "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(10, {.job_scheduler = replica::JobScheduler::percentage});
  auto spec = test::chain({test::task("a"), test::task("b")});
  spec.percentage_ppm = 800'000;
  log.append(test::submit("j1", spec));
  spec.percentage_ppm = 300'000;
  log.append(test::submit("j2", spec));
  CHECK(explain(log.replica(), JobId("j2")).reason == Reason::no_percentage);
}

TEST_CASE("explain: enough in number, not together", "[scheduling][explain]") {
  ClusterLog log;
  log.append(coordination::PrepareJoinCluster{GroupId("g"), std::nullopt});
  log.append(test::add_peers("g", {"p1"}, {"d"}));
  log.append(test::add_peers("g", {"p2"}));
  auto spec = test::chain({test::task("a"), test::task("b")});
  spec.tasks[0].required_tags = spec.tasks[1].required_tags = {"d"};
  log.append(test::submit("j", spec));
  CHECK(explain(log.replica(), JobId("j")).reason == Reason::unplaceable);
}

TEST_CASE("explain: running, ended, unknown", "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(3);
  log.append(test::submit("j", test::chain({test::task("a"), test::task("b")})));
  CHECK(why(log, "j").rfind("job j runs on 3 peers\n", 0) == 0);
  log.append(LeaveCluster{PeerId("p03"), {}});
  CHECK(why(log, "j").rfind("job j runs on 2 peers, started over 1 time\n", 0) == 0);
  log.append(KillJob{JobId("j"), "enough", "me", std::nullopt});
  CHECK(why(log, "j") == "job j was killed: enough\n");
  CHECK(why(log, "k") == "job k is not known here: never submitted, or forgotten since\n");
}
