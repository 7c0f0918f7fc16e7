#include "daemon/scheduling/explain.h"

#include <catch2/catch.hpp>

#include "daemon/scheduling/reason_words.h"
#include "tests/support/cluster_log.h"

using namespace onyx;
using namespace onyx::scheduling;
using coordination::KillJob;
using coordination::LeaveCluster;
using coordination::PrepareJoinCluster;
using coordination::RestartJob;
using test::ClusterLog;

namespace {

using Lines = std::vector<std::string>;

Explanation explain(const ClusterLog& log, const std::string& job) {
  return scheduling::explain(log.replica(), JobId(job));
}

// Word, sentence and deeds, a line each.
Lines why(const ClusterLog& log, const std::string& job) {
  const Explanation e = explain(log, job);
  Lines lines{std::string(name_of(e.reason)), sentence(e)};
  for (const std::string& deed : deeds(e)) lines.push_back(deed);
  return lines;
}

replica::JobSpec pair() { return test::chain({test::task("a"), test::task("b")}); }

replica::JobSpec with_percentage(replica::JobSpec spec, std::int64_t percent) {
  spec.percentage_ppm = percent * replica::kWholePpm / 100;
  return spec;
}

ClusterLog by_percentage(int peers) {
  return ClusterLog::with_peers(peers, {.job_scheduler = replica::JobScheduler::percentage});
}

}  // namespace

TEST_CASE("explain: no peers at all", "[scheduling][explain]") {
  ClusterLog log;
  log.append(test::submit("j", pair()));
  CHECK(why(log, "j") ==
        Lines{"no-peers", "waits: it needs 2 peers, the cluster has none", "onyxctl peer add 2"});
}

TEST_CASE("explain: the peers that would be enough belong to a drained group",
          "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(3);
  log.append(test::submit("j", pair()));
  log.append(coordination::DrainGroup{GroupId("g")});
  CHECK(why(log, "j") ==
        Lines{"drained",
              "waits: it needs 2 peers, the cluster has 0; 3 more belong to drained groups",
              "onyxctl group undrain g",
              "onyxctl peer add 2  at a daemon whose group is not drained"});
  SECTION("and when they would not be enough either, that is not the reason") {
    log.append(test::submit("big", test::chain({test::task("a", 4), test::task("b")})));
    CHECK(why(log, "big").front() == "no-peers");
  }
}

TEST_CASE("explain: the peers there are belong to groups that have not joined",
          "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(1);
  log.append(test::add_peers("other", {"q1", "q2"}));
  log.append(test::submit("j", pair()));
  CHECK(explain(log, "j").not_joined == 2);
  CHECK(why(log, "j") ==
        Lines{"not-joined",
              "waits: it needs 2 peers, the cluster has 1; 2 more belong to groups that have not "
              "joined yet",
              "onyxctl group ls  shows which; they join by themselves", "onyxctl peer add 1"});
}

TEST_CASE("explain: fewer peers than its minimum", "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(2);
  log.append(test::submit(
      "j", test::chain({test::task("in"), test::task("count", 2), test::task("out")})));
  const Explanation e = explain(log, "j");
  CHECK(e.needs == 4);
  CHECK(e.peers == 2);
  CHECK(why(log, "j") == Lines{"not-enough-peers",
                               "waits: it needs 4 peers, the cluster has 2: 2 more",
                               "onyxctl peer add 2"});
}

TEST_CASE("explain: a plugin that every peer has is not what is lacking", "[scheduling][explain]") {
  ClusterLog log;
  log.append(PrepareJoinCluster{GroupId("g"), std::vector<std::string>{"my/seq"}});
  log.append(test::add_peers("g", {"p1", "p2"}, {"d"}));
  auto spec = test::chain({test::task("in", 4), test::task("out")});
  spec.tasks[0].plugin = "my/seq";
  spec.tasks[0].required_tags = {"d"};
  log.append(test::submit("j", spec));
  CHECK(why(log, "j").front() == "not-enough-peers");
  CHECK(note_of(explain(log, "j").tasks[0]).empty());
}

TEST_CASE("explain: a job that :recover has starved waits for its number",
          "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(4);
  auto spec = test::chain({test::task("a"), test::task("b", 3, 3)});
  spec.tasks[1].flux = replica::FluxPolicy::recover;
  log.append(test::submit("j", spec));
  REQUIRE(explain(log, "j").reason == Reason::running);
  log.append(LeaveCluster{PeerId("p02"), {}});
  CHECK(why(log, "j") == Lines{"not-enough-peers",
                               "waits: it needs 4 peers, the cluster has 3: 1 more",
                               "onyxctl peer add 1"});
}

TEST_CASE("explain: other jobs hold the peers", "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(3);
  log.append(test::submit("j1", pair()));
  log.append(test::submit("j2", pair()));
  const Explanation e = explain(log, "j2");
  REQUIRE(e.holders.size() == 1);
  CHECK((e.holders[0] == Holder{JobId("j1"), "", 3, 2}));
  CHECK(e.ahead == 1);
  CHECK(why(log, "j2") == Lines{"held-by-others",
                                "waits: it needs 2 peers, 0 are free, other jobs hold the rest",
                                "onyxctl peer add 2", "wait for a job to end", "onyxctl kill j1"});
}

TEST_CASE("explain: the greedy job scheduler gives all to the first", "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(9, {.job_scheduler = replica::JobScheduler::greedy});
  log.append(test::submit("j1", pair()));
  log.append(test::submit("j2", pair()));
  CHECK(why(log, "j2") ==
        Lines{"held-by-others",
              "waits: it needs 2 peers, 0 are free, other jobs hold the rest; the greedy job "
              "scheduler serves earlier jobs first, with all they can use",
              "onyxctl peer add 2", "wait for a job to end", "onyxctl kill j1"});
}

TEST_CASE("explain: peers on tasks with flux policy :kill are counted as pinned",
          "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(4);
  auto spec = test::chain({test::task("a", 1, 1), test::task("b")});
  spec.tasks[1].flux = replica::FluxPolicy::kill;
  log.append(test::submit("j1", spec));
  log.append(test::submit("j2", pair()));
  const Explanation e = explain(log, "j2");
  CHECK(e.reason == Reason::held_by_others);
  REQUIRE(e.holders.size() == 1);
  CHECK((e.holders[0] == Holder{JobId("j1"), "", 4, 2, 3}));
}

TEST_CASE("explain: too few peers have the tags", "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(3);
  auto spec = test::chain({test::task("in"), test::task("gpu", 2), test::task("out")});
  spec.tasks[1].required_tags = {"cuda", "fast"};
  log.append(test::submit("j", spec));
  log.append(test::add_peers("g", {"q"}, {"cuda", "fast"}));
  CHECK(why(log, "j") ==
        Lines{"missing-tags",
              "waits: task gpu needs 2 peers with the tags :cuda :fast, the cluster has 1",
              "start a daemon with these :onyx.peer/tags"});
  CHECK(note_of(explain(log, "j").tasks[1]) == "wants :cuda :fast, which 1 peer has");
  CHECK(note_of(explain(log, "j").tasks[0]).empty());
}

TEST_CASE("explain: no group has the plugin", "[scheduling][explain]") {
  ClusterLog log;
  log.append(PrepareJoinCluster{GroupId("g"), std::vector<std::string>{"my/seq"}});
  log.append(test::add_peers("g", {"p1", "p2", "p3"}));
  auto spec = test::chain({test::task("in"), test::task("out")});
  spec.tasks[0].plugin = "my/kafka";
  log.append(test::submit("j", spec));
  CHECK(why(log, "j") ==
        Lines{"no-plugin",
              "waits: task in needs 1 peer with the plugin :my/kafka, the cluster has 0",
              "start a daemon that has the plugin"});
  CHECK(note_of(explain(log, "j").tasks[0]) == "wants :my/kafka, which 0 peers have");
}

TEST_CASE("explain: the tags are there, and the plugin, but not on one peer",
          "[scheduling][explain]") {
  ClusterLog log;
  log.append(PrepareJoinCluster{GroupId("g"), std::vector<std::string>{"my/seq"}});
  log.append(test::add_peers("g", {"p1", "p2"}, {"cuda"}));
  log.append(PrepareJoinCluster{GroupId("h"), std::vector<std::string>{"my/kafka"}});
  log.append(coordination::NotifyJoinCluster{GroupId("h")});
  log.append(
      coordination::AcceptJoinCluster{GroupId("h"), GroupId("g"), GroupId("g"), GroupId("h")});
  log.append(test::add_peers("h", {"p3"}));
  REQUIRE(replica::is_joined(log.replica(), GroupId("h")));
  auto spec = test::chain({test::task("in"), test::task("out")});
  spec.tasks[0].plugin = "my/kafka";
  spec.tasks[0].required_tags = {"cuda"};
  log.append(test::submit("j", spec));
  CHECK(why(log, "j") ==
        Lines{"missing-tags-and-plugin",
              "waits: task in needs 1 peer with both the tags :cuda and the plugin :my/kafka, the "
              "cluster has 0",
              "start a daemon that has the plugin, with these :onyx.peer/tags"});
  CHECK(note_of(explain(log, "j").tasks[0]) == "wants :cuda :my/kafka, which 0 peers have");
}

TEST_CASE("explain: what others hold does not hide that it could not run alone",
          "[scheduling][explain]") {
  ClusterLog log;
  log.append(PrepareJoinCluster{GroupId("g"), std::nullopt});
  log.append(test::add_peers("g", {"p1"}, {"d"}));
  log.append(test::add_peers("g", {"p2", "p3", "p4"}));
  log.append(test::submit("other", pair()));
  auto spec = pair();
  spec.tasks[0].required_tags = spec.tasks[1].required_tags = {"d"};
  log.append(test::submit("j", spec));
  CHECK_FALSE(explain(log, "j").holders.empty());
  CHECK(why(log, "j") ==
        Lines{"unplaceable",
              "waits: it needs 2 peers, and of 4 only 1 can run a task of it: their tags and "
              "plugins do not work out together",
              "start peers with the tags and plugins of its tasks"});
}

TEST_CASE("explain: colocated, and no machine is big enough", "[scheduling][explain]") {
  ClusterLog log;
  log.append(PrepareJoinCluster{GroupId("g"), std::nullopt});
  log.append(test::add_peers("g", {"p1", "p2"}, {}, "host-a 1"));
  log.append(test::add_peers("g", {"p3", "p4"}, {}, "host-b 1"));
  auto spec = test::chain({test::task("a"), test::task("b"), test::task("c")});
  spec.task_scheduler = replica::TaskScheduler::colocated;
  log.append(test::submit("j", spec));
  CHECK(why(log, "j") == Lines{"no-machine",
                               "waits: it is colocated, 3 peers in chunks of 3 on one machine; the "
                               "largest machine has 2",
                               "onyxctl peer add 1  on one machine"});
  log.append(test::add_peers("g", {"p5"}, {}, "host-b 1"));
  CHECK(explain(log, "j").reason == Reason::running);
}

TEST_CASE("explain: the percentages of others use up the whole", "[scheduling][explain]") {
  auto log = by_percentage(10);
  log.append(test::submit("j1", with_percentage(pair(), 80)));
  log.append(test::submit("j2", with_percentage(pair(), 30)));
  CHECK(why(log, "j2") == Lines{"no-percentage",
                                "waits: it asks for 30 %, and the jobs that are served before it "
                                "have 80 % of the whole",
                                "wait for a job to end", "submit it with a smaller :percentage",
                                "onyxctl kill j1"});
}

TEST_CASE("explain: its percentage does not come to its minimum", "[scheduling][explain]") {
  auto log = by_percentage(10);
  log.append(test::submit("j1", with_percentage(pair(), 80)));
  auto spec = test::chain({test::task("a"), test::task("b", 2)});
  log.append(test::submit("j2", with_percentage(spec, 20)));
  CHECK(why(log, "j2") == Lines{"percentage-too-small",
                                "waits: it needs 3 peers, its 20 % of 10 peers come to 2, and the "
                                "other jobs leave 0",
                                "onyxctl peer add 3", "submit it with a larger :percentage",
                                "onyxctl kill j1"});
}

TEST_CASE("explain: running, started over, ended, unknown", "[scheduling][explain]") {
  auto log = ClusterLog::with_peers(3);
  log.append(test::submit("j", pair()));
  CHECK(why(log, "j") == Lines{"running", "runs on 3 peers"});
  log.append(LeaveCluster{PeerId("p03"), {}});
  CHECK(why(log, "j") == Lines{"running", "runs on 2 peers, started over 1 time"});
  log.append(RestartJob{JobId("j"), "disk full", "task a", std::nullopt, std::nullopt});
  CHECK(why(log, "j") == Lines{"running",
                               "runs on 2 peers, started over 2 times, 1 of them after a failure, "
                               "the last: disk full"});
  log.append(KillJob{JobId("j"), "enough", "me", std::nullopt});
  CHECK(why(log, "j") == Lines{"killed", "was killed: enough"});
  CHECK(why(log, "k") ==
        Lines{"unknown", "is not known here: never submitted, or forgotten since"});
}
