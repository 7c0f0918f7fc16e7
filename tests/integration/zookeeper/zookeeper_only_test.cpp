// What holds on a ZooKeeper and has no meaning in memory: foreign children, access lists, silence, restarts.

#include <set>

#include "daemon/cluster/fence.h"
#include "daemon/zookeeper/client/handle.h"
#include "daemon/zookeeper/paths.h"
#include "daemon/zookeeper/warden/close_session.h"
#include "tests/integration/zookeeper/worlds.h"

namespace onyx {
namespace {

using cluster::SessionState;
using zookeeper::Code;
using zookeeper::CreateMode;
using zookeeper::Op;

std::unique_ptr<zookeeper::Handle> raw_handle(const std::string& address) {
  zookeeper::HandleOptions options;
  options.address = address;
  options.call_deadline = std::chrono::seconds(30);
  return std::move(*zookeeper::Handle::open(options, [](zookeeper::HandleEvent) {}));
}

}  // namespace

TEMPLATE_TEST_CASE("log: a foreign child is a hole, which is named and never skipped",
                   "[zookeeper][log]", EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  const zookeeper::Paths paths(world.tenancy);
  REQUIRE(session->log().append("a"));
  REQUIRE(raw_handle(world.address())->create(paths.log() + "/lock", {}).wait().ok());
  REQUIRE(session->log().append("b").value() == 2);
  Mailbox<cluster::LogEvent> events;
  const auto follower =
      session->log().follow(0, [&](cluster::LogEvent event) { events.put(std::move(event)); });
  CHECK(std::get<cluster::StoredEntry>(events.take()).text == "a");
  const cluster::LogEvent lost = events.take();
  REQUIRE(std::holds_alternative<cluster::FollowLost>(lost));
  CHECK_THAT(std::get<cluster::FollowLost>(lost).error.text(),
             Catch::Contains("hole at position 1"));
  CHECK(std::get<cluster::FollowLost>(lost).has_hole);
}

TEMPLATE_TEST_CASE("log: deletes and failed multis leave the numbering alone", "[zookeeper][log]",
                   EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  const zookeeper::Paths paths(world.tenancy);
  const auto handle = raw_handle(world.address());
  REQUIRE(session->log().append("a"));
  REQUIRE(session->log().append("b"));
  REQUIRE(handle->remove(paths.entry(0)).wait().ok());
  const auto failed =
      handle
          ->multi({Op{Op::Kind::create, paths.entry_prefix(), "x", CreateMode::sequential},
                   Op{Op::Kind::create, paths.log(), "exists"}})
          .wait();
  CHECK(failed.code == Code::node_exists);
  REQUIRE(failed.results.size() == 2);
  CHECK(failed.results[1].code == Code::node_exists);
  CHECK(session->log().append("c").value() == 2);
  CHECK(session->log().newest().value() == 2);
}

TEMPLATE_TEST_CASE("digest: what one user creates another cannot read, delete or write",
                   "[zookeeper][acl]", EmbeddedWorld, RealWorld) {
  TestType world;
  world.options.digest = "onyx:secret";
  const auto session = world.open();
  REQUIRE(session->log().append("a").value() == 0);
  const zookeeper::Paths paths(world.tenancy);
  const auto stranger = raw_handle(world.address());
  CHECK(stranger->get(paths.entry(0)).wait().code == Code::no_auth);
  CHECK(stranger->set(paths.entry(0), "x", -1).wait().code == Code::no_auth);
  CHECK(stranger->remove(paths.entry(0)).wait().code == Code::no_auth);
  CHECK(stranger->create(paths.log() + "/x", {}).wait().code == Code::no_auth);
  CHECK(world.open()->log().read(0).value()->text == "a");
  world.options.digest = "onyx:guess";
  const auto wrong = zookeeper::open_cluster(world.options);
  REQUIRE(!wrong);
  CHECK(wrong.error().code() == ErrorCode::permission_denied);
}

TEMPLATE_TEST_CASE("session: a timeout that is too short is refused with the way out",
                   "[zookeeper][session]", EmbeddedWorld, RealWorld) {
  TestType world;
  world.options.address = world.address();
  world.options.tenancy = world.tenancy;
  world.options.session_timeout = std::chrono::milliseconds(1'900);
  const auto refused = zookeeper::open_cluster(world.options);
  REQUIRE(!refused);
  CHECK(refused.error().rule() == "NET-50");
  CHECK_THAT(refused.error().text(), Catch::Contains(":onyx.zookeeper/session-timeout-ms"));
}

TEMPLATE_TEST_CASE("session: once it is closed whoever still holds it can do nothing with it",
                   "[zookeeper][session]", EmbeddedWorld, RealWorld) {
  TestType world;
  const GroupId group("g");
  const auto held = world.open();
  const auto other = world.open();
  REQUIRE(held->pulses().announce(group));
  CHECK(held->fence()->is_open());
  held->close();
  held->close();
  CHECK(!other->pulses().exists(group).value());
  CHECK(held->session() == SessionState::dead);
  CHECK_FALSE(held->fence()->is_open());
  CHECK(held->log().append("a").error().code() == ErrorCode::unavailable);
}

TEMPLATE_TEST_CASE("session: who has its number and password can end it, and no other one can",
                   "[zookeeper][session][warden]", EmbeddedWorld, RealWorld) {
  using zookeeper::Closed;
  TestType world;
  zookeeper::SessionKey key;
  world.options.watch.opened = [&](const zookeeper::SessionKey& opened) { key = opened; };
  const auto victim = world.open();
  zookeeper::Ticket ticket{key.id, key.password, "127.0.0.1:1," + world.address()};
  world.options.watch = {};
  const auto other = world.open();
  const GroupId group("g");
  REQUIRE(victim->pulses().announce(group));
  Mailbox<int> gone;
  const auto watch = other->pulses().watch(group, [&] { gone.put(1); }).value();
  zookeeper::Ticket guess = ticket;
  guess.password[0] = static_cast<char>(guess.password[0] + 1);
  const std::chrono::seconds patience(30);
  CHECK(zookeeper::close_session(guess, patience) == Closed::was_over);
  CHECK(gone.is_empty());
  CHECK(zookeeper::close_session(ticket, patience) == Closed::closed);
  gone.take();
  CHECK(zookeeper::close_session(ticket, patience) == Closed::was_over);
  ticket.servers = "127.0.0.1:1";
  CHECK(zookeeper::close_session(ticket, std::chrono::milliseconds(1)) == Closed::unreachable);
}

TEMPLATE_TEST_CASE("session: one that is ended in order is nobody else's business",
                   "[zookeeper][session][warden]", EmbeddedWorld, RealWorld) {
  TestType world;
  std::vector<std::int64_t> opened;
  std::vector<std::int64_t> closed;
  world.options.watch.opened = [&](const zookeeper::SessionKey& key) { opened.push_back(key.id); };
  world.options.watch.closed = [&](std::int64_t id) { closed.push_back(id); };
  world.open();
  REQUIRE(opened.size() == 1);
  CHECK(closed == opened);
}

TEMPLATE_TEST_CASE("digest: a tree that was made without is refused, unless that is accepted",
                   "[zookeeper][acl]", EmbeddedWorld, RealWorld) {
  TestType world;
  world.open();
  world.options.digest = "onyx:secret";
  const auto refused = zookeeper::open_cluster(world.options);
  REQUIRE(!refused);
  CHECK(refused.error().rule() == "NET-52");
  CHECK_THAT(refused.error().text(),
             Catch::Contains("setAcl -R /onyx/" + world.tenancy) && !Catch::Contains("secret"));
  world.options.may_be_open = true;
  CHECK(zookeeper::open_cluster(world.options).has_value());
}

TEMPLATE_TEST_CASE("digest: two users' tenancies live side by side, also with names in common",
                   "[zookeeper][acl]", EmbeddedWorld, RealWorld) {
  TestType world;
  world.options.digest = "a:secret";
  const auto first = world.open();
  world.options.digest = "b:secret";
  const std::string tenancy = fresh_tenancy();
  const auto second = world.open_tenancy(tenancy);
  cluster::JobSubmission submission;
  submission.job = JobId("5c0ffee0-0000-4000-8000-000000000001");
  submission.hash = "abc";
  submission.name = "name-of-" + world.tenancy;
  submission.entry_text = "{:fn :submit-job}";
  REQUIRE(first->jobs().submit(submission));
  REQUIRE(second->jobs().submit(submission));
  const auto stranger = raw_handle(world.address());
  const zookeeper::Paths paths(tenancy);
  CHECK(stranger->remove(paths.pulses()).wait().code == Code::no_auth);
  CHECK(stranger->children(paths.root()).wait().code == Code::no_auth);
}

TEMPLATE_TEST_CASE("watches: beyond what a session may have they are polled, and fire all the same",
                   "[zookeeper][watches]", EmbeddedWorld, RealWorld) {
  TestType world;
  world.options.session_timeout = std::chrono::seconds(10);
  const auto session = world.open();
  auto owner = world.open();
  std::vector<std::unique_ptr<cluster::PulseWatch>> watches;
  Mailbox<int> gone;
  const int count = 1'010;
  for (int n = 0; n < count; ++n) {
    const GroupId group("g" + std::to_string(n));
    REQUIRE(owner->pulses().announce(group));
    watches.push_back(session->pulses().watch(group, [&, n] { gone.put(n); }).value());
  }
  owner.reset();
  std::set<int> heard;
  for (int n = 0; n < count; ++n) heard.insert(gone.take());
  CHECK(heard.size() == count);
}

TEST_CASE("session: silence is noticed, and past the timeout the session is given up unasked",
          "[zookeeper][session]") {
  support::ZookeeperServer server;
  zookeeper::ClusterOptions options;
  options.address = server.address();
  options.tenancy = fresh_tenancy();
  options.session_timeout = std::chrono::seconds(3);
  Mailbox<SessionState> states;
  const auto session =
      std::move(*zookeeper::open_cluster(options, [&](SessionState state) { states.put(state); }));
  REQUIRE(session->log().append("a"));
  server.pause();
  while (states.take() != SessionState::suspect) {
  }
  while (states.take() != SessionState::fenced) {
  }
  CHECK_FALSE(session->fence()->is_open());
  while (states.take() != SessionState::dead) {
  }
  CHECK(session->log().append("b").error().code() == ErrorCode::unavailable);
  server.resume();
}

TEST_CASE("session: an answer within the timeout opens the fence again", "[zookeeper][session]") {
  support::ZookeeperServer server;
  zookeeper::ClusterOptions options;
  options.address = server.address();
  options.tenancy = fresh_tenancy();
  options.session_timeout = std::chrono::seconds(20);
  options.call_deadline = std::chrono::seconds(60);
  Mailbox<SessionState> states;
  const auto session =
      std::move(*zookeeper::open_cluster(options, [&](SessionState state) { states.put(state); }));
  REQUIRE(session->pulses().announce(GroupId("g")));
  server.pause();
  while (states.take() != SessionState::fenced) {
  }
  server.resume();
  while (states.take() != SessionState::connected) {
  }
  CHECK(session->fence()->is_open());
  CHECK(session->pulses().exists(GroupId("g")).value());
}

TEST_CASE("session: it survives a restart of the server, and so does what it wrote",
          "[zookeeper][session]") {
  support::ZookeeperServer server;
  zookeeper::ClusterOptions options;
  options.address = server.address();
  options.tenancy = fresh_tenancy();
  options.session_timeout = std::chrono::seconds(40);
  options.call_deadline = std::chrono::seconds(40);
  const auto session = std::move(*zookeeper::open_cluster(options));
  REQUIRE(session->pulses().announce(GroupId("g")));
  REQUIRE(session->log().append("a").value() == 0);
  Mailbox<Position> positions;
  const auto follower = session->log().follow(0, [&](cluster::LogEvent event) {
    positions.put(std::get<cluster::StoredEntry>(event).position);
  });
  CHECK(positions.take() == 0);
  server.stop();
  server.start();
  CHECK(session->pulses().exists(GroupId("g")).value());
  while (!session->log().append("b")) {
  }
  CHECK(positions.take() == 1);
  CHECK(session->session() != SessionState::dead);
}

}  // namespace onyx
