// A server that takes connections and does not answer on them, as one does that is just starting.

#include "daemon/cluster/fence.h"
#include "tests/integration/zookeeper/tcp_gate.h"
#include "tests/integration/zookeeper/worlds.h"

namespace onyx {
namespace {

using cluster::SessionState;

// Left alone, the C client would wait for two thirds of the session timeout on each of the two.
constexpr int kSwallowed = 2;

zookeeper::ClusterOptions through(const TcpGate& gate, const std::string& tenancy) {
  zookeeper::ClusterOptions options;
  options.address = gate.address();
  options.tenancy = tenancy;
  options.session_timeout = std::chrono::seconds(30);
  options.call_deadline = std::chrono::seconds(60);
  options.connect_deadline = std::chrono::seconds(30);
  return options;
}

}  // namespace

TEMPLATE_TEST_CASE("silent server: a session comes back past connections that are never answered",
                   "[zookeeper][loss]", EmbeddedWorld, RealWorld) {
  TestType world;
  TcpGate gate(world.address());
  const GroupId group("g");
  const auto other = world.open();
  Mailbox<SessionState> states;
  const auto session = std::move(*zookeeper::open_cluster(
      through(gate, world.tenancy), [&](SessionState state) { states.put(state); }));
  REQUIRE(session->pulses().announce(group));
  Mailbox<int> gone;
  const auto watch = other->pulses().watch(group, [&] { gone.put(1); }).value();
  Mailbox<cluster::LogEvent> events;
  const auto follower =
      session->log().follow(0, [&](cluster::LogEvent event) { events.put(std::move(event)); });
  REQUIRE(other->log().append("a"));
  CHECK(std::get<cluster::StoredEntry>(events.take()).text == "a");

  gate.swallow_next(kSwallowed);
  CHECK(states.take() == SessionState::suspect);
  REQUIRE(other->log().append("b"));
  // It is the same session: nothing had to be fenced, the pulse stays, watches fire.
  CHECK(states.take() == SessionState::connected);
  CHECK(gate.swallowed() == kSwallowed);
  CHECK(session->fence()->is_open());
  CHECK(std::get<cluster::StoredEntry>(events.take()).text == "b");
  CHECK(session->pulses().exists(group).value());
  CHECK(gone.is_empty());
}

TEMPLATE_TEST_CASE("silent server: a session is opened past connections that are never answered",
                   "[zookeeper][loss]", EmbeddedWorld, RealWorld) {
  TestType world;
  TcpGate gate(world.address());
  gate.swallow_next(kSwallowed);
  const auto session = zookeeper::open_cluster(through(gate, world.tenancy));
  REQUIRE(session);
  CHECK(gate.swallowed() == kSwallowed);
  CHECK((*session)->log().append("a").value() == 0);
}

}  // namespace onyx
