// What holds on a ZooKeeper and has no meaning in memory: foreign children, access lists, silence, restarts.

#include "daemon/zookeeper/client/handle.h"
#include "daemon/zookeeper/paths.h"
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
  while (states.take() != SessionState::expired) {
  }
  CHECK(session->log().append("b").error().code() == ErrorCode::unavailable);
  server.resume();
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
  CHECK(session->session() != SessionState::expired);
}

}  // namespace onyx
