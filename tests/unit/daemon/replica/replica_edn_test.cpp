#include "daemon/replica/replica_edn.h"

#include <catch2/catch.hpp>

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "tests/support/cluster_log.h"

using namespace onyx;
using namespace onyx::coordination;

TEST_CASE("replica: reads back from text as an equal replica", "[replica][edn]") {
  auto log = test::ClusterLog::with_peers(7);
  log.append(PrepareJoinCluster{GroupId("h"), std::vector<std::string>{"a/x", "a/y"}}, "h", 0);
  log.append(test::add_peers("h", {"q1"}, {"s3"}, "host:1"), "h", 1);
  log.append(NotifyJoinCluster{GroupId("h")});
  log.append(PrepareJoinCluster{GroupId("late"), std::nullopt});
  auto spec = test::chain({test::task("in"), test::task("f", 2), test::task("out", 1, 1)});
  spec.name = "named";
  log.append(test::submit("j1", spec));
  log.append(test::submit("j2", test::chain({test::task("a"), test::task("b")})));
  log.append(test::submit("j3", test::chain({test::task("a"), test::task("b")})));
  log.append(RestartJob{JobId("j1"), "why", "x", std::nullopt, std::nullopt});
  log.append(KillJob{JobId("j2"), "because", "me", std::nullopt});
  log.append(Gc{"r"});
  log.append(CompleteJob{JobId("j3"), std::nullopt, std::nullopt});
  log.append(GroupLeaveCluster{GroupId("nobody")});
  log.append(DrainGroup{GroupId("late"), false, 4, "host unix:/x"});
  REQUIRE(log.violations() == "");

  const std::string text = edn::print(replica::to_edn(log.replica()));
  const auto value = edn::read(text);
  REQUIRE(value.has_value());
  const auto read = replica::replica_from_edn(*value);
  REQUIRE(read.has_value());
  CHECK(*read == log.replica());
  CHECK(edn::print(replica::to_edn(*read)) == text);
  CHECK(replica::to_text(replica::violations(*read)) == "");
}

TEST_CASE("replica: goes on alike from its text", "[replica][edn]") {
  auto log = test::ClusterLog::with_peers(5);
  log.append(test::submit("j1", test::chain({test::task("a"), test::task("b")})));
  auto read = replica::replica_from_edn(replica::to_edn(log.replica()));
  REQUIRE(read.has_value());
  test::ClusterLog other(std::move(*read));
  for (auto* each : {&log, &other}) {
    each->append(test::submit("j2", test::chain({test::task("a"), test::task("b")})));
    each->append(LeaveCluster{PeerId("p03"), {}});
  }
  CHECK(other.replica() == log.replica());
}

TEST_CASE("replica: names the key that is wrong", "[replica][edn]") {
  const auto error = [](std::string_view text) {
    const auto read = replica::replica_from_edn(*edn::read(text));
    return read ? std::string("fine") : read.error().text();
  };
  CHECK(error("{:version :x}") == "replica: :version is :x, not an integer");
  CHECK(error("{:peers {:p1 {}}}") == "replica: peer p1: :group is nil, not an id");
  CHECK(error("{:onyx/format 9}") == "replica: format 9, this version reads 1");
  CHECK(error("{:jobs [{:id :j :tasks [:t] :allocation {:t [:p]}}]}") ==
        "replica: an item of :jobs: :allocation is :p, not a peer of :peers");
}

TEST_CASE("replica: routes are numbered per job, by task, source and slot", "[replica]") {
  // The example of the spec of scheduling, 12.
  replica::JobSpec spec =
      test::chain({test::task("in", 1, 1), test::task("inc", 2, 2), test::task("out", 1, 1)});
  spec.tasks[1].grouped = true;
  auto log = test::ClusterLog::with_peers(4);
  log.append(test::submit("j", spec));
  const auto routes = replica::routes_of(log.job("j"));
  REQUIRE(routes.size() == 5);
  CHECK((routes[0] == replica::Route{TaskId("in"), std::nullopt, -1}));
  CHECK((routes[1] == replica::Route{TaskId("inc"), PeerId("p01"), 0}));
  CHECK((routes[2] == replica::Route{TaskId("inc"), PeerId("p01"), 1}));
  CHECK((routes[3] == replica::Route{TaskId("out"), PeerId("p02"), -1}));
  CHECK((routes[4] == replica::Route{TaskId("out"), PeerId("p03"), -1}));
}
