// Pulses, parameters, coordinates and the end of a session, in all three worlds.

#include <algorithm>
#include <vector>

#include "tests/integration/zookeeper/worlds.h"

namespace onyx {
namespace {

using cluster::SessionState;

const GroupId kGroup("group-1");
const JobId kJob("5c0ffee0-0000-4000-8000-000000000001");

}  // namespace

TEMPLATE_TEST_CASE("pulse: it is there while its session is, and its watch fires when it ends",
                   "[cluster][pulse]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  auto owner = world.open();
  const auto other = world.open();
  CHECK(!other->pulses().exists(kGroup).value());
  REQUIRE(owner->pulses().announce(kGroup));
  CHECK(other->pulses().exists(kGroup).value());
  CHECK(other->pulses().groups().value() == std::vector{kGroup});

  Mailbox<int> gone;
  const auto watch = other->pulses().watch(kGroup, [&] { gone.put(1); }).value();
  CHECK(gone.is_empty());
  owner.reset();
  gone.take();
  CHECK(!other->pulses().exists(kGroup).value());
  CHECK(gone.is_empty());
}

TEMPLATE_TEST_CASE("pulse: a watch on a group that is not there fires at once", "[cluster][pulse]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  Mailbox<int> gone;
  const auto watch = session->pulses().watch(kGroup, [&] { gone.put(1); }).value();
  gone.take();
  REQUIRE(session->pulses().announce(kGroup));
  CHECK(gone.is_empty());
}

TEMPLATE_TEST_CASE("pulse: a watch that is let go does not fire", "[cluster][pulse]", MemoryWorld,
                   EmbeddedWorld, RealWorld) {
  TestType world;
  auto owner = world.open();
  const auto other = world.open();
  REQUIRE(owner->pulses().announce(kGroup));
  Mailbox<int> dropped;
  Mailbox<int> kept;
  auto first = other->pulses().watch(kGroup, [&] { dropped.put(1); }).value();
  const auto second = other->pulses().watch(kGroup, [&] { kept.put(1); }).value();
  first.reset();
  owner.reset();
  kept.take();
  CHECK(dropped.is_empty());
}

TEMPLATE_TEST_CASE("pulse: an id belongs to the session that announced it", "[cluster][pulse]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto owner = world.open();
  REQUIRE(owner->pulses().announce(kGroup));
  REQUIRE(owner->pulses().announce(kGroup));
  const auto refused = world.open()->pulses().announce(kGroup);
  REQUIRE(!refused);
  CHECK(refused.error().code() == ErrorCode::already_exists);
}

TEMPLATE_TEST_CASE("session: one that expires knows it, and can do nothing more",
                   "[cluster][session]", MemoryWorld, EmbeddedWorld) {
  TestType world;
  Mailbox<SessionState> states;
  Mailbox<cluster::LogEvent> events;
  const auto session = world.open([&](SessionState state) { states.put(state); });
  REQUIRE(session->pulses().announce(kGroup));
  const auto follower =
      session->log().follow(0, [&](cluster::LogEvent event) { events.put(std::move(event)); });
  CHECK(session->session() == SessionState::connected);
  world.expire_sessions();
  while (states.take() != SessionState::dead) {
  }
  CHECK(session->session() == SessionState::dead);
  CHECK(session->log().append("late").error().code() == ErrorCode::unavailable);
  CHECK(session->pulses().announce(kGroup).error().code() == ErrorCode::unavailable);
  CHECK(std::holds_alternative<cluster::FollowLost>(events.take()));

  const auto next = world.open();
  CHECK(next->log().newest().value() == -1);
  CHECK(!next->pulses().exists(kGroup).value());
}

TEMPLATE_TEST_CASE("session: the expiry of one is seen by who watches its pulse",
                   "[cluster][session]", MemoryWorld, EmbeddedWorld) {
  TestType world;
  const auto owner = world.open();
  REQUIRE(owner->pulses().announce(kGroup));
  world.expire_sessions();
  const auto other = world.open();
  Mailbox<int> gone;
  const auto watch = other->pulses().watch(kGroup, [&] { gone.put(1); }).value();
  gone.take();
}

TEMPLATE_TEST_CASE("log parameters: the first to start sets them", "[cluster][parameters]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  CHECK(session->parameters().read().value() == std::nullopt);
  CHECK(session->parameters().create_or_read("{:log-version 1}").value() == "{:log-version 1}");
  CHECK(world.open()->parameters().create_or_read("{:log-version 2}").value() ==
        "{:log-version 1}");
  CHECK(session->parameters().read().value() == "{:log-version 1}");
}

TEMPLATE_TEST_CASE("coordinate: a coordinator writes as long as nobody takes over",
                   "[cluster][coordinate]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  CHECK(session->coordinates().read(kJob).value() == std::nullopt);
  const auto taken = session->coordinates().assume(kJob).value();
  CHECK(taken.text == "nil");
  const auto second = session->coordinates().write(kJob, "{:epoch 1}", taken.version).value();
  const auto third = session->coordinates().write(kJob, "{:epoch 2}", second).value();
  CHECK(session->coordinates().read(kJob).value() ==
        cluster::StoredCoordinate{"{:epoch 2}", third});
}

TEMPLATE_TEST_CASE("coordinate: a deposed coordinator cannot write", "[cluster][coordinate]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  const auto other = world.open();
  auto old = session->coordinates().assume(kJob).value();
  old.version = session->coordinates().write(kJob, "{:epoch 1}", old.version).value();
  const auto now = other->coordinates().assume(kJob).value();
  CHECK(now.text == "{:epoch 1}");
  const auto refused = session->coordinates().write(kJob, "{:epoch 2}", old.version);
  REQUIRE(!refused);
  CHECK(refused.error().code() == ErrorCode::aborted);
  CHECK(other->coordinates().write(kJob, "{:epoch 3}", now.version));
}

TEMPLATE_TEST_CASE("coordinate: without taking over nothing can be written",
                   "[cluster][coordinate]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  CHECK(session->coordinates().write(kJob, "x", 0).error().code() == ErrorCode::aborted);
}

TEMPLATE_TEST_CASE("tenancies: one sees nothing of another", "[cluster]", MemoryWorld,
                   EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  const auto other = world.open_tenancy(fresh_tenancy());
  REQUIRE(session->log().append("a"));
  REQUIRE(session->jobs().put(kJob, "catalog", "x"));
  REQUIRE(session->coordinates().assume(kJob));
  CHECK(other->log().newest().value() == -1);
  CHECK(other->jobs().get(kJob, "catalog").value() == std::nullopt);
  CHECK(other->coordinates().read(kJob).value() == std::nullopt);
}

}  // namespace onyx
