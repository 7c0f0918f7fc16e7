#include "daemon/coordination/change_lines.h"

#include <catch2/catch.hpp>

#include "tests/support/cluster_log.h"

using namespace onyx;
using namespace onyx::coordination;
using test::ClusterLog;

namespace {

class Lines {
 public:
  // Of this entry: its lines without their position, each after "! " when it is a fault.
  std::string operator()(Command command, const std::string& writer = "") {
    log_.append(std::move(command), writer, ++seq_);
    const LogEntry& entry = log_.entries().back();
    std::string text;
    for (const ChangeLine& line : change_lines(entry, log_.diff(), log_.replica())) {
      const std::string position = fmt::format(" position={}", entry.position);
      REQUIRE(line.text.ends_with(position));
      text += (text.empty() ? "" : "\n") + std::string(line.is_fault ? "! " : "") +
              line.text.substr(0, line.text.size() - position.size());
    }
    return text;
  }

 private:
  ClusterLog log_;
  std::int64_t seq_ = 0;
};

replica::JobSpec two_tasks() { return test::chain({test::task("x"), test::task("y")}); }

}  // namespace

TEST_CASE("change lines: a life of a cluster, a line for each change", "[coordination][lines]") {
  Lines lines;
  CHECK(lines(PrepareJoinCluster{GroupId("a"), std::nullopt}, "a") ==
        "group joined group=a peers=0");
  CHECK(lines(test::add_peers("a", {"p1", "p2"}), "a") == "peers added group=a peers=2");
  CHECK(lines(PrepareJoinCluster{GroupId("b"), std::nullopt}, "b") ==
        "group joins group=b observer=a");
  CHECK(lines(PrepareJoinCluster{GroupId("c"), std::nullopt}, "c") ==
        "group has to wait, nobody is free to bring it in group=c");
  CHECK(lines(AbortJoinCluster{GroupId("c")}, "c") ==
        "group has not come in and tries again group=c failures=1");
  CHECK(lines(NotifyJoinCluster{GroupId("b")}, "a").empty());
  CHECK(lines(test::add_peers("b", {"q1", "q2"}), "b") ==
        "peers announced, they wait for their group group=b peers=2");
  CHECK(lines(AcceptJoinCluster{{}, {}, GroupId("a"), GroupId("b")}, "b") ==
        "group joined group=b peers=2");
  replica::JobSpec named = two_tasks();
  named.name = "clicks";
  CHECK(lines(test::submit("j1", named), "a") ==
        "job submitted job=j1 name=\"clicks\"\njob starts job=j1 version=8 peers=4");
  CHECK(lines(test::submit("j2", two_tasks()), "a") ==
        "job submitted job=j2\n"
        "job starts over job=j1 version=9 peers=2 why=\"job j2 was submitted\"\n"
        "job starts job=j2 version=9 peers=2");
  CHECK(
      lines(RestartJob{JobId("j2"), "lost the \"link\"", "task x", std::nullopt, std::nullopt},
            "b") ==
      "! job starts over job=j2 version=10 peers=2 reason=\"lost the \\\"link\\\"\" by=\"task x\"");
  CHECK(lines(LeaveCluster{PeerId("p2"), "removed on request"}, "a") ==
        "peer left peer=p2 group=a reason=\"removed on request\"\n"
        "job starts over job=j1 version=11 peers=3 why=\"peer p2 left\"\n"
        "job waits for peers job=j2 why=\"peer p2 left\"");
  CHECK(lines(CompleteJob{JobId("j1"), std::nullopt, std::nullopt}, "a") ==
        "job completed job=j1\n"
        "job starts job=j2 version=12 peers=3 why=\"job j1 ended\"");
  CHECK(lines(GroupLeaveCluster{GroupId("b")}, "a") ==
        "! group evicted, its pulse is gone group=b peers=2 by=a\n"
        "! job waits for peers job=j2 why=\"group b was evicted\"");
  CHECK(lines(KillJob{JobId("j2"), "enough", "client", std::nullopt}, "a") ==
        "job killed job=j2 reason=\"enough\" by=\"client\"");
  CHECK(lines(Gc{"r"}, "a") == "log collected jobs=2 forgotten=0 gc=r");
  CHECK(lines(GroupLeaveCluster{GroupId("a")}, "a") == "group left group=a peers=1");
}

TEST_CASE("change lines: draining a group, and what becomes of the jobs on it",
          "[coordination][lines]") {
  Lines lines;
  lines(PrepareJoinCluster{GroupId("a"), std::nullopt}, "a");
  lines(test::add_peers("a", {"p1", "p2"}), "a");
  lines(test::submit("j", two_tasks()), "a");
  DrainGroup drain;
  drain.group = GroupId("a");
  drain.stop = true;
  CHECK(lines(drain, "a") ==
        "group drained, its daemon ends group=a peers=2 by=a\n"
        "job waits for peers job=j why=\"group a was drained\"");
  CHECK(lines(UndrainGroup{GroupId("a")}, "a") == "group not drained any more group=a peers=2");
  CHECK(lines(test::add_peers("a", {"p3", "p4"}), "a") ==
        "peers added group=a peers=2\n"
        "job starts job=j version=5 peers=2 why=\"2 peers of group a came\"");
}

TEST_CASE("change lines: a job that fails is a fault, and what it says cannot forge a line",
          "[coordination][lines]") {
  Lines lines;
  lines(PrepareJoinCluster{GroupId("a"), std::nullopt}, "a");
  lines(test::add_peers("a", {"p1", "p2"}), "a");
  lines(test::submit("j", two_tasks()), "a");
  CHECK(lines(KillJob{JobId("j"), "bad\ngroup joined group=z", "task x on peer p1", 2}, "a") ==
        "! job killed job=j reason=\"bad group joined group=z\" by=\"task x on peer p1\"");
}

TEST_CASE("change lines: what changes nothing has none", "[coordination][lines]") {
  Lines lines;
  lines(PrepareJoinCluster{GroupId("a"), std::nullopt}, "a");
  lines(test::add_peers("a", {"p1", "p2"}), "a");
  lines(test::submit("j", two_tasks()), "a");
  CHECK(lines(test::submit("j", two_tasks()), "a").empty());
  CHECK(lines(PrepareJoinCluster{GroupId("a"), std::nullopt}, "a").empty());
  CHECK(lines(RestartJob{JobId("j"), "late", "", 1, std::nullopt}, "a").empty());
  CHECK(lines(KillJob{JobId("none"), "", "client", std::nullopt}, "a").empty());
}

TEST_CASE("change lines: an entry that nobody understands is a fault", "[coordination][lines]") {
  ClusterLog log;
  const auto entry = decode("{:fn :dance}", log.next_position(), 0);
  log.apply(entry);
  const auto lines = change_lines(entry, log.diff(), log.replica());
  REQUIRE(lines.size() == 1);
  CHECK(lines.front().is_fault);
  CHECK(lines.front().text.starts_with("entry not understood, nobody does anything about it why="));
}
