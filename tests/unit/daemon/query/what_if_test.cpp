#include "daemon/query/what_if.h"

#include <catch2/catch.hpp>

#include "daemon/scheduling/reason_words.h"
#include "tests/support/cluster_log.h"

namespace onyx::query {
namespace {

using coordination::GroupLeaveCluster;
using test::ClusterLog;

// Two groups of three peers, and a job of three tasks with one peer each that may have more.
ClusterLog two_groups() {
  ClusterLog log;
  log.append(coordination::PrepareJoinCluster{GroupId("g"), std::nullopt});
  log.append(coordination::PrepareJoinCluster{GroupId("h"), std::nullopt});
  log.append(coordination::NotifyJoinCluster{GroupId("h")});
  log.append(coordination::AcceptJoinCluster{{}, {}, GroupId("g"), GroupId("h")});
  log.append(test::add_peers("g", {"g1", "g2", "g3"}, {}, "a"));
  log.append(test::add_peers("h", {"h1", "h2", "h3"}, {}, "b"));
  auto spec = test::chain({test::task("in"), test::task("f"), test::task("out")});
  spec.name = "clicks";
  log.append(test::submit("j", spec));
  REQUIRE(log.violations() == "");
  return log;
}

std::vector<std::string> lines_of(const std::vector<JobFate>& fates) {
  std::vector<std::string> lines;
  for (const JobFate& fate : fates) {
    std::string line = fmt::format("{} {}->{} over={}", fate.job.text(), fate.peers_before,
                                   fate.peers_after, fate.starts_over);
    for (const TaskFate& task : fate.tasks)
      line += fmt::format(" {}:{}->{}", task.task.text(), task.before, task.after);
    lines.push_back(line + " " + std::string(scheduling::name_of(fate.why.reason)));
  }
  return lines;
}

TEST_CASE("what if: a group is lost", "[query]") {
  const ClusterLog log = two_groups();
  const auto outcome = what_if(log.replica(), {GroupLeaveCluster{GroupId("h")}});
  REQUIRE(outcome);
  CHECK(lines_of(fates_of_jobs(log.replica(), outcome->after)) ==
        std::vector<std::string>{"j 6->3 over=true in:2->1 f:2->1 out:2->1 running"});
  const auto peers = fates_of_peers(log.replica(), outcome->after);
  std::size_t leaving = 0;
  for (const PeerFate& fate : peers) leaving += fate.leaves ? 1 : 0;
  CHECK(leaving == 3);
  CHECK(log.replica().peers.size() == 6);  // the replica itself is as it was
}

TEST_CASE("what if: peers come and a job is submitted, each on what the one before has left",
          "[query]") {
  const ClusterLog log = two_groups();
  const auto big = test::submit("big", test::chain({test::task("a", 5, 5), test::task("b")}));
  const auto alone = what_if(log.replica(), {big});
  REQUIRE(alone);
  const auto fates = fates_of_jobs(log.replica(), alone->after);
  REQUIRE(fates.size() == 2);
  CHECK_FALSE(fates[1].before.has_value());
  CHECK(fates[1].after == replica::JobState::waiting);
  CHECK(scheduling::sentence(fates[1].why) ==
        "waits: it needs 6 peers, 0 are free, other jobs hold the rest");
  const auto with_peers =
      what_if(log.replica(), {test::add_peers("g", {"new-1", "new-2", "new-3"}), big});
  REQUIRE(with_peers);
  CHECK(lines_of(fates_of_jobs(log.replica(), with_peers->after)) ==
        std::vector<std::string>{"j 6->3 over=true in:2->1 f:2->1 out:2->1 running",
                                 "big 0->6 over=false a:0->5 b:0->1 running"});
  std::size_t coming = 0;
  for (const PeerFate& fate : fates_of_peers(log.replica(), with_peers->after))
    coming += fate.comes ? 1 : 0;
  CHECK(coming == 3);
  CHECK(with_peers->diffs.size() == 2);
}

TEST_CASE("what if: every peer that comes, leaves or changes its place is named once, by id",
          "[query]") {
  const ClusterLog log = two_groups();
  const auto outcome =
      what_if(log.replica(), {GroupLeaveCluster{GroupId("g")}, test::add_peers("h", {"a0", "zz"})});
  REQUIRE(outcome);
  std::vector<std::string> ids;
  for (const PeerFate& fate : fates_of_peers(log.replica(), outcome->after)) {
    if (fate.comes || fate.leaves) ids.push_back(fate.peer.text() + (fate.comes ? "+" : "-"));
    CHECK((fate.comes || fate.leaves || fate.before != fate.after));
  }
  CHECK(ids == std::vector<std::string>{"a0+", "g1-", "g2-", "g3-", "zz+"});
}

TEST_CASE("what if: a job that a flux policy kills has ended afterwards", "[query]") {
  ClusterLog log = two_groups();
  log.append(coordination::KillJob{JobId("j"), "enough", "me", std::nullopt});
  auto spec = test::chain({test::task("in", 1, 1), test::task("f", 4, 4), test::task("out", 1, 1)});
  spec.tasks[1].flux = replica::FluxPolicy::kill;
  log.append(test::submit("k", spec));
  const auto outcome = what_if(log.replica(), {GroupLeaveCluster{GroupId("h")}});
  REQUIRE(outcome);
  const auto fates = fates_of_jobs(log.replica(), outcome->after);
  REQUIRE(fates.size() == 1);
  CHECK(fates[0].before == replica::JobState::running);
  CHECK(fates[0].after == replica::JobState::killed);
  CHECK_THAT(scheduling::sentence(fates[0].why), Catch::Contains("flux policy is :kill"));
}

TEST_CASE("what if: the step that the log would reject is named", "[query]") {
  const ClusterLog log = two_groups();
  const auto outcome =
      what_if(log.replica(), {GroupLeaveCluster{GroupId("h")}, test::add_peers("h", {"new-1"})});
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().rule() == "NET-44");
  CHECK(outcome.error().message() == "step 2, add-virtual-peers: group h has left");
}

}  // namespace
}  // namespace onyx::query
