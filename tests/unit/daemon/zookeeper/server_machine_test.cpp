#include "daemon/zookeeper/embedded/server_machine.h"

#include <catch2/catch.hpp>

#include "tests/unit/daemon/zookeeper/frames.h"

namespace onyx::zookeeper::embedded {
namespace {

using std::chrono::milliseconds;

// A server machine with a clock that is moved by hand.
class Machine {
 public:
  Output send(ConnectionId from, const std::string& frame) {
    Output output;
    machine.received(from, frame, now(), output);
    return output;
  }
  Output connect(ConnectionId id, const std::string& frame = hello()) {
    machine.opened(id, now());
    return send(id, frame);
  }
  Output tick(int later_ms) {
    time += milliseconds(later_ms);
    Output output;
    machine.tick(now(), output);
    return output;
  }
  Now now() const { return {time, 42}; }

  Instant time{milliseconds(1'000)};
  ServerMachine machine{Sessions(milliseconds(100), milliseconds(1'000)), 0x10,
                        [] { return std::string(16, 'p'); }};
};

ConnectReply connect_reply(const Output& output) {
  REQUIRE(output.sends.size() == 1);
  JuteReader in(std::string_view(output.sends[0].frame).substr(4));
  ConnectReply reply;
  in.integer();
  reply.timeout_ms = in.integer();
  reply.session = in.long_integer();
  reply.password = in.text();
  return reply;
}

}  // namespace

TEST_CASE("machine: a hello opens a session", "[embedded][machine]") {
  Machine machine;
  const ConnectReply reply = connect_reply(machine.connect(1));
  CHECK(reply.timeout_ms == 1'000);
  CHECK(reply.session == 0x10);
  CHECK(reply.password == std::string(16, 'p'));
  CHECK(machine.machine.session_count() == 1);
}

TEST_CASE("machine: writes number themselves, refused ones too", "[embedded][machine]") {
  Machine machine;
  machine.connect(1);
  const Zxid first = header_of(machine.send(1, create_frame(1, "/a")).sends[0].frame).zxid;
  CHECK(header_of(machine.send(1, create_frame(2, "/a")).sends[0].frame) ==
        ReplyHeader{2, first + 1, Code::node_exists});
  CHECK(header_of(machine.send(1, exists_frame(3, "/a")).sends[0].frame) ==
        ReplyHeader{3, first + 1, Code::ok});
}

TEST_CASE("machine: a ping keeps the session, silence ends it with its ephemerals",
          "[embedded][machine]") {
  Machine machine;
  machine.connect(1);
  machine.connect(2);
  machine.send(1, create_frame(1, "/e", kFlagEphemeral));
  machine.send(2, exists_frame(1, "/e", true));
  CHECK(machine.tick(900).closes.empty());
  machine.send(2, request(kXidPing, Op::ping).take());
  const Output output = machine.tick(100);
  CHECK(output.closes == std::vector<ConnectionId>{1});
  REQUIRE(output.sends.size() == 1);
  CHECK(output.sends[0].to == 2);
  CHECK(header_of(output.sends[0].frame).xid == kXidNotification);
  CHECK(machine.machine.session_count() == 1);
}

TEST_CASE("machine: a session comes back on another connection", "[embedded][machine]") {
  Machine machine;
  machine.connect(1);
  machine.send(1, create_frame(1, "/e", kFlagEphemeral));
  machine.machine.closed(1);
  CHECK(connect_reply(machine.connect(2, hello(0x10, std::string(16, 'p')))).session == 0x10);
  CHECK(header_of(machine.send(2, exists_frame(1, "/e")).sends[0].frame).code == Code::ok);
}

TEST_CASE("machine: a wrong password, or a session that has ended, is told so",
          "[embedded][machine]") {
  Machine machine;
  machine.connect(1);
  for (const std::string& frame :
       {hello(0x10, std::string(16, 'x')), hello(0x99, std::string(16, 'p'))}) {
    const Output output = machine.connect(2, frame);
    CHECK(connect_reply(output).timeout_ms == 0);
    CHECK(output.closes == std::vector<ConnectionId>{2});
  }
}

TEST_CASE("machine: a session has one connection, the newest", "[embedded][machine]") {
  Machine machine;
  machine.connect(1);
  CHECK(machine.connect(2, hello(0x10, std::string(16, 'p'))).closes ==
        std::vector<ConnectionId>{1});
}

TEST_CASE("machine: a client that has seen more than we wrote is sent away",
          "[embedded][machine]") {
  Machine machine;
  const Output output = machine.connect(1, hello(0, std::string(16, '\0'), 1'000, 77));
  CHECK(output.sends.empty());
  CHECK(output.closes == std::vector<ConnectionId>{1});
  CHECK(machine.machine.session_count() == 0);
}

TEST_CASE("machine: closing a session answers, and then hangs up", "[embedded][machine]") {
  Machine machine;
  machine.connect(1);
  machine.send(1, create_frame(1, "/e", kFlagEphemeral));
  const Output output = machine.send(1, request(2, Op::close_session).take());
  REQUIRE(output.sends.size() == 1);
  CHECK(header_of(output.sends[0].frame).xid == 2);
  CHECK(output.closes == std::vector<ConnectionId>{1});
  CHECK(machine.machine.session_count() == 0);
  machine.connect(2);
  CHECK(header_of(machine.send(2, exists_frame(1, "/e")).sends[0].frame).code == Code::no_node);
}

TEST_CASE("machine: an operation that is not ours is refused and the connection stays",
          "[embedded][machine]") {
  Machine machine;
  machine.connect(1);
  const Output output = machine.send(1, request(5, Op{107}).take());
  CHECK(output.closes.empty());
  CHECK(header_of(output.sends.at(0).frame).code == Code::unimplemented);
}

TEST_CASE("machine: a frame that is none closes its connection and changes nothing",
          "[embedded][machine]") {
  Machine machine;
  machine.connect(1);
  const std::string whole = create_frame(1, "/a");
  const Output output = machine.send(1, whole.substr(0, whole.size() - 1));
  CHECK(output.sends.empty());
  CHECK(output.closes == std::vector<ConnectionId>{1});
  machine.connect(2);
  CHECK(header_of(machine.send(2, exists_frame(1, "/a")).sends[0].frame).code == Code::no_node);
}

TEST_CASE("machine: a connection that never says hello is closed", "[embedded][machine]") {
  Machine machine;
  machine.machine.opened(1, machine.now());
  CHECK(machine.tick(9'999).closes.empty());
  CHECK(machine.tick(1).closes == std::vector<ConnectionId>{1});
}

}  // namespace onyx::zookeeper::embedded
