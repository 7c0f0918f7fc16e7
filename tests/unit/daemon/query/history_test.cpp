#include "daemon/query/history.h"

#include <catch2/catch.hpp>

#include "tests/support/cluster_log.h"

namespace onyx::query {
namespace {

using coordination::LogEntry;

// Five entries: a group, its peers, two jobs, the first is killed.
test::ClusterLog a_log() {
  auto log = test::ClusterLog::with_peers(3);
  log.append(test::submit("j1", test::chain({test::task("a"), test::task("b")})));
  log.append(test::submit("j2", test::chain({test::task("c"), test::task("d")})));
  log.append(coordination::KillJob{JobId("j1"), "enough", "me", std::nullopt});
  return log;
}

ReadEntry reader(const test::ClusterLog& log) {
  return [&log](Position at) -> Result<std::optional<LogEntry>> {
    for (const LogEntry& entry : log.entries()) {
      if (entry.position == at) return entry;
    }
    return std::optional<LogEntry>();
  };
}

TEST_CASE("history: the replica after every entry is what the log was then", "[query]") {
  const test::ClusterLog whole = a_log();
  test::ClusterLog growing;
  for (const LogEntry& entry : whole.entries()) {
    growing.apply(entry);
    const auto then = replica_at(replica::base_replica({}), entry.position, reader(whole));
    REQUIRE(then);
    CHECK(*then == growing.replica());
  }
}

TEST_CASE("history: it goes on from an origin, and the origin itself is known", "[query]") {
  const test::ClusterLog log = a_log();
  const auto origin = replica_at(replica::base_replica({}), 3, reader(log));
  REQUIRE(origin);
  CHECK(*replica_at(*origin, 3, reader(log)) == *origin);
  CHECK(*replica_at(*origin, 4, reader(log)) == log.replica());
}

TEST_CASE("history: what was before the origin is refused with the origin's number", "[query]") {
  const test::ClusterLog log = a_log();
  const auto origin = replica_at(replica::base_replica({}), 3, reader(log));
  const auto old = replica_at(*origin, 2, reader(log));
  REQUIRE_FALSE(old);
  CHECK(old.error().code() == ErrorCode::not_found);
  CHECK(old.error().rule() == "NET-40");
  CHECK(old.error().message() ==
        "the log begins at its origin, entry 3; what was at entry 2 is gone: a gc has made one "
        "replica of it");
  CHECK(step_at(*origin, 3, reader(log)).error().rule() == "NET-40");
}

TEST_CASE("history: an entry with the replicas around it, and what it did", "[query]") {
  const test::ClusterLog log = a_log();
  const auto step = step_at(replica::base_replica({}), 4, reader(log));
  REQUIRE(step);
  CHECK(step->before.version == 3);
  CHECK(step->after == log.replica());
  CHECK(coordination::name_of(step->entry.command) == "kill-job");
  REQUIRE(step->diff.jobs.size() == 2);
  CHECK(step->diff.jobs[0].ended == replica::JobState::killed);
  CHECK(replica::state_of(step->before, JobId("j2")) == replica::JobState::waiting);
  CHECK(replica::state_of(step->after, JobId("j2")) == replica::JobState::running);
}

TEST_CASE("history: an entry that a gc took meanwhile, and a read that fails", "[query]") {
  const test::ClusterLog log = a_log();
  const ReadEntry with_hole = [&](Position at) -> Result<std::optional<LogEntry>> {
    if (at == 2) return std::optional<LogEntry>();
    return reader(log)(at);
  };
  const auto gone = replica_at(replica::base_replica({}), 4, with_hole);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code() == ErrorCode::aborted);
  const ReadEntry refusing = [](Position) -> Result<std::optional<LogEntry>> {
    return failure(ErrorCode::unavailable, "no session");
  };
  CHECK(replica_at(replica::base_replica({}), 4, refusing).error().message() == "no session");
}

}  // namespace
}  // namespace onyx::query
