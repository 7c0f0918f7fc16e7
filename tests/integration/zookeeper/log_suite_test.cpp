// The coordination log, in all three worlds.

#include <algorithm>
#include <thread>
#include <vector>

#include "tests/integration/zookeeper/worlds.h"

namespace onyx {
namespace {

using cluster::BehindGc;
using cluster::LogEvent;
using cluster::Origin;
using cluster::StoredEntry;

std::unique_ptr<cluster::Follower> follow(cluster::Cluster& session, Position from,
                                          Mailbox<LogEvent>& into) {
  return session.log().follow(from, [&into](LogEvent event) { into.put(std::move(event)); });
}

StoredEntry entry_from(Mailbox<LogEvent>& events) {
  LogEvent event = events.take();
  if (const auto* lost = std::get_if<cluster::FollowLost>(&event)) FAIL(lost->error.text());
  REQUIRE(std::holds_alternative<StoredEntry>(event));
  return std::get<StoredEntry>(event);
}

void append_all(cluster::Cluster& session, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) REQUIRE(session.log().append(text));
}

}  // namespace

TEMPLATE_TEST_CASE("log: positions are dense from 0", "[cluster][log]", MemoryWorld, EmbeddedWorld,
                   RealWorld) {
  TestType world;
  const auto session = world.open();
  CHECK(session->log().newest().value() == -1);
  CHECK(session->log().append("a").value() == 0);
  CHECK(session->log().append("b").value() == 1);
  CHECK(session->log().newest().value() == 1);
}

TEMPLATE_TEST_CASE("log: an entry is read as it was written, with its time", "[cluster][log]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  const std::string text("{:fn :x, :text \"\xC3\xA4\\n\"}\0end", 24);
  append_all(*session, {text, ""});
  const auto first = session->log().read(0).value();
  REQUIRE(first.has_value());
  CHECK(first->text == text);
  CHECK(first->position == 0);
  CHECK(first->created_at_ms > 1'600'000'000'000);
  CHECK(session->log().read(1).value()->text.empty());
}

TEMPLATE_TEST_CASE("log: an entry that is not written reads as nothing", "[cluster][log]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  CHECK(session->log().read(0).value() == std::nullopt);
}

TEMPLATE_TEST_CASE("log: an entry over the limit is refused and takes no position",
                   "[cluster][log]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  const auto refused = session->log().append(std::string(cluster::kEntryBytesMax + 1, 'x'));
  REQUIRE(!refused);
  CHECK(refused.error().code() == ErrorCode::resource_exhausted);
  CHECK(session->log().append(std::string(cluster::kEntryBytesMax, 'x')).value() == 0);
}

TEMPLATE_TEST_CASE("log: two readers see the entries of two writers in one order, none missing",
                   "[cluster][log]", MemoryWorld, EmbeddedWorld, RealWorld) {
  constexpr int kEach = 150;
  TestType world;
  const auto first = world.open();
  const auto second = world.open();
  Mailbox<LogEvent> first_events;
  Mailbox<LogEvent> second_events;
  const auto first_follower = follow(*first, 0, first_events);
  const auto second_follower = follow(*second, 0, second_events);

  const auto write = [](cluster::Cluster& session, const std::string& name) {
    for (int i = 0; i < kEach; ++i) {
      if (!session.log().append(name + std::to_string(1000 + i))) return;
    }
  };
  std::thread one([&] { write(*first, "a"); });
  std::thread two([&] { write(*second, "b"); });
  one.join();
  two.join();

  std::vector<std::string> seen;
  for (Position position = 0; position < 2 * kEach; ++position) {
    const StoredEntry entry = entry_from(first_events);
    CHECK(entry.position == position);
    CHECK(entry == entry_from(second_events));
    seen.push_back(entry.text);
  }
  std::ranges::stable_partition(seen, [](const std::string& text) { return text[0] == 'a'; });
  CHECK(std::ranges::is_sorted(seen));
}

TEMPLATE_TEST_CASE("log: a follower wakes for each entry that comes later", "[cluster][log]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto writer = world.open();
  const auto reader = world.open();
  append_all(*writer, {"old"});
  Mailbox<LogEvent> events;
  const auto follower = follow(*reader, 0, events);
  CHECK(entry_from(events).text == "old");
  for (const std::string text : {"x", "y", "z"}) {
    append_all(*writer, {text});
    CHECK(entry_from(events).text == text);
  }
}

TEMPLATE_TEST_CASE("log: a follower begins where it is told", "[cluster][log]", MemoryWorld,
                   EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  append_all(*session, {"a", "b", "c"});
  Mailbox<LogEvent> events;
  const auto follower = follow(*session, 2, events);
  CHECK(entry_from(events).text == "c");
}

TEMPLATE_TEST_CASE("log: a slow reader holds its follower back and loses nothing", "[cluster][log]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  for (int i = 0; i < 300; ++i) append_all(*session, {std::to_string(i)});
  concurrency::BoundedQueue<Position> inbox(1);
  const auto follower = session->log().follow(
      0, [&](LogEvent event) { inbox.push(std::get<StoredEntry>(event).position); });
  for (Position position = 0; position < 300; ++position) CHECK(inbox.pop() == position);
  inbox.close();
}

TEMPLATE_TEST_CASE("log: a follower that is let go calls no more", "[cluster][log]", MemoryWorld,
                   EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  Mailbox<LogEvent> events;
  Mailbox<LogEvent> others;
  auto follower = follow(*session, 0, events);
  const auto other = follow(*session, 0, others);
  follower.reset();
  append_all(*session, {"a"});
  CHECK(entry_from(others).text == "a");
  CHECK(events.is_empty());
}

TEMPLATE_TEST_CASE("origin: before the first gc it is before the first entry", "[cluster][origin]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  CHECK(world.open()->log().origin().value() == Origin{-1, ""});
}

TEMPLATE_TEST_CASE("origin: what is set is what every session reads", "[cluster][origin]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  append_all(*session, {"a", "b"});
  REQUIRE(session->log().set_origin({1, "{:version 1}\nmore"}, -1));
  CHECK(world.open()->log().origin().value() == Origin{1, "{:version 1}\nmore"});
}

TEMPLATE_TEST_CASE("origin: of two garbage collections the later one loses the race",
                   "[cluster][origin]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  append_all(*session, {"a", "b", "c"});
  REQUIRE(session->log().set_origin({1, "one"}, -1));
  const auto late = session->log().set_origin({2, "two"}, -1);
  REQUIRE(!late);
  CHECK(late.error().code() == ErrorCode::aborted);
  CHECK(session->log().origin().value() == Origin{1, "one"});
}

TEMPLATE_TEST_CASE("origin: it never goes back", "[cluster][origin]", MemoryWorld, EmbeddedWorld,
                   RealWorld) {
  TestType world;
  const auto session = world.open();
  REQUIRE(session->log().set_origin({5, "five"}, -1));
  CHECK(session->log().set_origin({5, "again"}, 5).error().code() == ErrorCode::invalid_argument);
  CHECK(session->log().set_origin({4, "back"}, 5).error().code() == ErrorCode::invalid_argument);
}

TEMPLATE_TEST_CASE("origin: replicas of many megabytes replace each other whole",
                   "[cluster][origin]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  std::string large;
  for (int i = 0; large.size() < 3'000'000; ++i) large += std::to_string(i) + " ";
  const std::string larger = large + large;
  REQUIRE(session->log().set_origin({0, large}, -1));
  CHECK((session->log().origin().value() == Origin{0, large}));
  REQUIRE(session->log().set_origin({1, larger}, 0));
  CHECK((session->log().origin().value() == Origin{1, larger}));
  REQUIRE(session->log().set_origin({2, "small"}, 1));
  CHECK((session->log().origin().value() == Origin{2, "small"}));
}

TEMPLATE_TEST_CASE("truncate: only what the origin covers can go", "[cluster][gc]", MemoryWorld,
                   EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  append_all(*session, {"a", "b", "c"});
  REQUIRE(session->log().set_origin({1, "one"}, -1));
  CHECK(session->log().truncate(3).error().code() == ErrorCode::failed_precondition);
  REQUIRE(session->log().truncate(2));
  CHECK(session->log().read(1).value() == std::nullopt);
  CHECK(session->log().read(2).value()->text == "c");
}

TEMPLATE_TEST_CASE("truncate: positions go on as if nothing had been deleted", "[cluster][gc]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  for (int i = 0; i < 250; ++i) append_all(*session, {std::to_string(i)});
  REQUIRE(session->log().set_origin({249, "all"}, -1));
  REQUIRE(session->log().truncate(250));
  CHECK(session->log().newest().value() == 249);
  CHECK(session->log().append("next").value() == 250);
  REQUIRE(session->log().truncate(250));
}

TEMPLATE_TEST_CASE("follow: a reader that a gc has passed is told the origin, and no more",
                   "[cluster][gc]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  append_all(*session, {"a", "b", "c"});
  REQUIRE(session->log().set_origin({1, "one"}, -1));
  REQUIRE(session->log().truncate(2));
  Mailbox<LogEvent> events;
  const auto behind = follow(*session, 0, events);
  const LogEvent event = events.take();
  REQUIRE(std::holds_alternative<BehindGc>(event));
  CHECK(std::get<BehindGc>(event).origin == Origin{1, "one"});

  Mailbox<LogEvent> after;
  const auto follower = follow(*session, 2, after);
  CHECK(entry_from(after).text == "c");
  CHECK(events.is_empty());
}

TEMPLATE_TEST_CASE("follow: a gc between two entries does not disturb a reader that is not behind",
                   "[cluster][gc]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  Mailbox<LogEvent> events;
  const auto follower = follow(*session, 0, events);
  append_all(*session, {"a", "b"});
  entry_from(events);
  entry_from(events);
  REQUIRE(session->log().set_origin({1, "one"}, -1));
  REQUIRE(session->log().truncate(2));
  append_all(*session, {"c"});
  CHECK(entry_from(events).text == "c");
}

}  // namespace onyx
