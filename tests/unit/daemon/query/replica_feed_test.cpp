#include "daemon/query/replica_feed.h"

#include <catch2/catch.hpp>

#include <future>
#include <thread>

#include "daemon/coordination/transition.h"
#include "daemon/replica/queries.h"
#include "tests/support/cluster_log.h"

namespace onyx::query {
namespace {

using namespace coordination;

// Feeds a feed as the group's thread does.
class Log {
 public:
  void append(Command command) {
    LogEntry entry;
    entry.position = static_cast<Position>(entries_.size());
    entry.created_at_ms = 1'000 + entry.position;
    entry.command = std::move(command);
    entries_.push_back(entry);
  }
  // All entries to the feed, from the beginning.
  void replay(ReplicaFeed& feed) const {
    replica::Replica replica = replica::base_replica({});
    feed.start_from(replica, -1);
    for (const LogEntry& entry : entries_) {
      auto applied = coordination::apply(std::move(replica), entry);
      replica = std::move(applied.replica);
      feed.applied({entry, applied.diff, std::make_shared<const replica::Replica>(replica)});
    }
  }

 private:
  std::vector<LogEntry> entries_;
};

Command submit(std::string id) {
  return test::submit(std::move(id), test::chain({test::task("in"), test::task("out")}));
}

Instant far() { return Instant(std::chrono::steady_clock::now() + std::chrono::seconds(60)); }
bool never() { return false; }

TEST_CASE("feed: the newest replica, and the entries that led to it", "[query]") {
  ReplicaFeed feed;
  Log log;
  for (const char* id : {"a", "b", "c"}) log.append(submit(id));
  log.append(KillJob{JobId("nobody"), "", "", {}});
  log.replay(feed);
  CHECK(feed.position() == 3);
  CHECK(replica::state_of(*feed.replica(), JobId("b")) == replica::JobState::waiting);
  const auto entries = feed.entries(1, 2);
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].position == 1);
  CHECK(entries[0].fn == "submit-job");
  CHECK(entries[0].created_at_ms == 1'001);
  CHECK_FALSE(entries[0].is_rejected);
  CHECK(feed.entries(3, 10).at(0).is_rejected);
  CHECK(feed.entries(4, 10).empty());
  CHECK(feed.oldest_kept() == 0);
}

TEST_CASE("feed: a group that reads the log again does not take it back", "[query]") {
  ReplicaFeed feed;
  Log log;
  log.append(submit("a"));
  log.append(submit("b"));
  log.replay(feed);
  std::vector<Position> seen;
  const auto listening = feed.listen(
      [&](const ReplicaFeed::Snapshot& snapshot) { seen.push_back(snapshot->version); });
  feed.start_from(replica::base_replica({}), -1);
  CHECK(replica::state_of(*feed.replica(), JobId("b")).has_value());
  log.append(submit("c"));
  log.replay(feed);
  CHECK(seen == std::vector<Position>{2});
  CHECK(feed.entries(0, 10).size() == 3);
}

TEST_CASE("feed: a start from beyond what is known replaces it", "[query]") {
  ReplicaFeed feed;
  Log log;
  log.append(submit("a"));
  log.replay(feed);
  replica::Replica later = replica::base_replica({});
  later.version = 40;
  feed.start_from(later, 40);
  CHECK(feed.position() == 40);
  CHECK(feed.origin() == 40);
  CHECK(feed.entries(0, 10).empty());
  CHECK(feed.oldest_kept() == 41);
}

TEST_CASE("feed: who waits is told, by any thread", "[query]") {
  ReplicaFeed feed;
  Log log;
  log.append(submit("a"));
  auto waiting = std::async(std::launch::async, [&] {
    return feed.wait_for([](const auto& r) { return r.version >= 0; }, far(), never);
  });
  log.replay(feed);
  const auto snapshot = waiting.get();
  REQUIRE(snapshot != nullptr);
  CHECK(snapshot->version == 0);
}

TEST_CASE("feed: waiting ends with its deadline, or when it is abandoned", "[query]") {
  ReplicaFeed feed;
  const auto no = [](const auto&) { return false; };
  CHECK(feed.wait_for(no, Instant(), never) == nullptr);
  CHECK(feed.wait_for(no, far(), [] { return true; }) == nullptr);
}

TEST_CASE("feed: a listener that has gone is not called", "[query]") {
  ReplicaFeed feed;
  Log log;
  int calls = 0;
  auto listening = feed.listen([&](const auto&) { ++calls; });
  log.append(submit("a"));
  log.replay(feed);
  CHECK(calls == 1);
  listening.reset();
  log.append(submit("b"));
  log.replay(feed);
  CHECK(calls == 1);
}

TEST_CASE("feed: when a job first had peers", "[query]") {
  ReplicaFeed feed;
  Log log;
  log.append(submit("a"));
  log.append(PrepareJoinCluster{GroupId("g"), std::nullopt});
  log.append(AddVirtualPeers{GroupId("g"), {PeerId("p"), PeerId("q")}, "", {}});
  log.replay(feed);
  CHECK(feed.started_at_ms(JobId("a")) == 1'002);
  CHECK(feed.started_at_ms(JobId("other")) == 0);
}

}  // namespace
}  // namespace onyx::query
