#include "daemon/coordination/transition.h"

#include <catch2/catch.hpp>

#include "tests/support/cluster_log.h"

using namespace onyx;
using namespace onyx::coordination;
using test::ClusterLog;

namespace {

// One entry of every kind, each against a cluster in which it does something.
std::vector<Command> commands_in_order() {
  return {PrepareJoinCluster{GroupId("a"), std::nullopt},
          test::add_peers("a", {"p1", "p2", "p3"}),
          PrepareJoinCluster{GroupId("b"), std::nullopt},
          NotifyJoinCluster{GroupId("b")},
          test::add_peers("b", {"q1", "q2"}),
          AcceptJoinCluster{{}, {}, GroupId("a"), GroupId("b")},
          test::submit("j1", test::chain({test::task("x"), test::task("y")})),
          test::submit("j2", test::chain({test::task("x"), test::task("y")})),
          LeaveCluster{PeerId("p2"), {}},
          PrepareJoinCluster{GroupId("c"), std::nullopt},
          AbortJoinCluster{GroupId("c")},
          CompleteJob{JobId("j2"), std::nullopt, std::nullopt},
          GroupLeaveCluster{GroupId("b")},
          KillJob{JobId("j1"), "enough", "client", std::nullopt},
          Gc{"r"}};
}

// The replica but for its version.
replica::Replica unversioned(replica::Replica replica) {
  replica.version = 0;
  replica.collected_at = 0;
  return replica;
}

}  // namespace

TEST_CASE("apply: a repeated command changes nothing but the version",
          "[coordination][idempotent]") {
  ClusterLog log;
  for (const Command& command : commands_in_order()) {
    INFO(name_of(command));
    log.append(command);
    REQUIRE(log.diff().rejected() == nullptr);
    // A second abort counts one more failure; a second gc forgets groups that left before the first.
    const auto once = unversioned(log.replica());
    log.append(command);
    if (!std::holds_alternative<AbortJoinCluster>(command) &&
        !std::holds_alternative<Gc>(command)) {
      CHECK(unversioned(log.replica()) == once);
    }
    CHECK(log.diff().moves.empty());
    CHECK(log.violations() == "");
  }
}

TEST_CASE("apply: the second copy of an entry is dropped, whatever lies between",
          "[coordination][idempotent]") {
  ClusterLog log = ClusterLog::with_peers(4);
  log.append(test::submit("j", test::chain({test::task("x"), test::task("y")})), "g", 4);
  log.append(LeaveCluster{PeerId("p01"), {}}, "g", 5);
  const auto before = log.replica();
  log.append(LeaveCluster{PeerId("p02"), {}}, "g", 5);
  REQUIRE(log.diff().rejected() != nullptr);
  CHECK(log.diff().rejected()->refusal == Refusal::duplicate);
  CHECK(unversioned(log.replica()) == unversioned(before));
  log.append(LeaveCluster{PeerId("p02"), {}}, "g", 9);
  CHECK(log.diff().rejected() == nullptr);
}

TEST_CASE("apply: a copy kept elsewhere stays as it was", "[coordination]") {
  ClusterLog log = ClusterLog::with_peers(6);
  log.append(test::submit("j", test::chain({test::task("x"), test::task("y")})));
  const replica::Replica kept = log.replica();
  const std::string before = log.allocation("j");
  log.append(LeaveCluster{PeerId("p01"), {}});
  log.append(KillJob{JobId("j"), {}, {}, std::nullopt});
  REQUIRE(replica::find_job(kept, JobId("j")) != nullptr);
  CHECK(ClusterLog(kept).allocation("j") == before);
  CHECK(replica::violations(kept).empty());
  CHECK(kept.peers.contains(PeerId("p01")));
}

TEST_CASE("apply: only jobs whose allocation changed get a new version",
          "[coordination][versions]") {
  // The example of the spec of scheduling, 10.
  ClusterLog log = ClusterLog::with_peers(6);
  log.append(test::submit("j1", test::chain({test::task("a"), test::task("b"), test::task("c")})));
  const Position first = log.replica().version;
  CHECK(log.job("j1").version == first);
  log.append(test::submit("j2", test::chain({test::task("d"), test::task("e"), test::task("f")})));
  CHECK(log.job("j1").version == first + 1);
  CHECK(log.job("j2").version == first + 1);
  log.append(test::add_peers("g", {"p07"}));
  CHECK(log.job("j1").version == first + 2);
  CHECK(log.job("j2").version == first + 1);
  log.append(KillJob{JobId("j2"), {}, {}, std::nullopt});
  CHECK(log.job("j1").version == first + 3);
  CHECK(log.job("j1").restarts == 3);
  CHECK(log.violations() == "");
}

TEST_CASE("apply: what a job's end was stays known through gc", "[coordination][gc]") {
  ClusterLog log = ClusterLog::with_peers(2);
  log.append(test::submit("j", test::chain({test::task("a"), test::task("b")})));
  log.append(KillJob{JobId("j"), "bad input", "client", std::nullopt});
  log.append(Gc{"r"});
  const auto* finished = log.replica().finished.find(JobId("j"));
  REQUIRE(finished != nullptr);
  CHECK(finished->collected());
  CHECK(finished->reason == "bad input");
  CHECK(replica::state_of(log.replica(), JobId("j")) == replica::JobState::killed);
  CHECK(log.append(test::submit("j", test::chain({test::task("a"), test::task("b")}))).rejected() !=
        nullptr);
}

TEST_CASE("apply: a group that left is forgotten by a gc a minute after the next",
          "[coordination][gc]") {
  ClusterLog log = ClusterLog::with_peers(1);
  log.append(GroupLeaveCluster{GroupId("g")}, "g", 1);
  CHECK(log.replica().membership->left.contains(GroupId("g")));
  log.append(Gc{"r1"});
  CHECK(log.replica().membership->left.contains(GroupId("g")));
  // What it wrote last may still be looked for, and written again.
  log.append(Gc{"r2"});
  CHECK(log.replica().membership->left.contains(GroupId("g")));
  CHECK(log.append(GroupLeaveCluster{GroupId("g")}, "g", 1).rejected()->refusal ==
        Refusal::duplicate);
  log.wait(60'000);
  log.append(Gc{"r3"});
  CHECK(log.replica().membership->left.empty());
  CHECK(log.replica().writers.empty());
  CHECK(log.violations() == "");
}

TEST_CASE("respond: a duplicate makes nobody do anything again", "[coordination]") {
  ClusterLog log = ClusterLog::with_peers(2);
  log.append(GroupLeaveCluster{GroupId("g")}, "g", 1);
  CHECK_FALSE(log.respond("g").effects.empty());
  log.append(GroupLeaveCluster{GroupId("g")}, "g", 1);
  CHECK(log.respond("g").effects.empty());
  CHECK(log.respond("g").reactions.empty());
}

TEST_CASE("set-replica: replaces everything, and a group starts over", "[coordination]") {
  const ClusterLog other = ClusterLog::with_peers(3);
  LogEntry entry;
  entry.position = 40;
  entry.command = SetReplica{std::make_shared<const replica::Replica>(other.replica())};
  ClusterLog log;
  log.apply(entry);
  CHECK(log.replica() == other.replica());
  const auto response = log.respond("g");
  REQUIRE(!response.effects.empty());
  CHECK(std::holds_alternative<RestartGroup>(response.effects.front()));
}

TEST_CASE("respond: a group that is not in the ring is watched by the next in the order of ids",
          "[coordination][ring]") {
  ClusterLog log;
  log.append(PrepareJoinCluster{GroupId("a"), std::nullopt});
  log.append(PrepareJoinCluster{GroupId("c"), std::nullopt});
  log.append(NotifyJoinCluster{GroupId("c")});
  log.append(AcceptJoinCluster{{}, {}, GroupId("a"), GroupId("c")});
  // Between two attempts, and one whose peers came before it asked to join.
  log.append(PrepareJoinCluster{GroupId("b"), std::nullopt});
  log.append(AbortJoinCluster{GroupId("b")});
  log.append(test::add_peers("d", {"q"}));
  const auto watched = [&](const std::string& group) {
    for (const Effect& effect : log.respond(group).effects) {
      if (const auto* watch = std::get_if<WatchPulses>(&effect)) return watch->groups;
    }
    return std::set<GroupId>{};
  };
  CHECK(watched("c") == std::set{GroupId("a"), GroupId("b")});
  CHECK(watched("a") == std::set{GroupId("c"), GroupId("d")});
  // While it is being brought in, its observer does.
  log.append(PrepareJoinCluster{GroupId("b"), std::nullopt});
  const GroupId observer = log.replica().membership->prepared.begin()->first;
  const GroupId other(observer == GroupId("a") ? "c" : "a");
  CHECK(watched(observer.text()).contains(GroupId("b")));
  CHECK(!watched(other.text()).contains(GroupId("b")));
}

TEST_CASE("prepare-join-cluster: a group that was declared dead before it asked starts over",
          "[coordination][ring]") {
  ClusterLog log;
  log.append(PrepareJoinCluster{GroupId("a"), std::nullopt});
  log.append(GroupLeaveCluster{GroupId("b")});
  log.append(PrepareJoinCluster{GroupId("b"), std::nullopt});
  CHECK(log.diff().rejected()->refusal == Refusal::stale);
  const auto effects = log.respond("b").effects;
  REQUIRE(effects.size() == 1);
  CHECK(std::holds_alternative<RestartGroup>(effects.front()));
  CHECK(log.respond("a").effects.empty());
}
