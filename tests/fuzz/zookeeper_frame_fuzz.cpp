// Any conversation with the in-memory ZooKeeper: steps of a byte that says who speaks, two bytes of length and the frame.
// Whatever comes, what is sent back are whole frames to those who are there.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/check.h"
#include "daemon/zookeeper/embedded/server_machine.h"

namespace {

using namespace onyx::zookeeper::embedded;
using std::chrono::milliseconds;

constexpr ConnectionId kConnections = 3;
constexpr std::uint8_t kTick = 0x80;  // of the first byte: time passes before the frame

class Conversation {
 public:
  Conversation() {
    for (ConnectionId id = 0; id < kConnections; ++id) open(id);
  }

  void say(ConnectionId from, std::string_view frame) {
    Output output;
    machine_.received(from, frame, now(), output);
    take(output);
  }

  void pass_time() {
    time_ += milliseconds(700);
    Output output;
    machine_.tick(now(), output);
    take(output);
  }

 private:
  Now now() const { return {time_, 42}; }

  void open(ConnectionId id) { machine_.opened(id, now()); }

  void take(const Output& output) {
    for (const Output::Send& send : output.sends) {
      ONYX_CHECK(send.to < kConnections && send.frame.size() >= 4);
      JuteReader in(send.frame);
      ONYX_CHECK(in.integer() == static_cast<std::int32_t>(send.frame.size() - 4));
    }
    for (const ConnectionId id : output.closes) {
      machine_.closed(id);
      open(id);
    }
  }

  onyx::Instant time_{milliseconds(1'000)};
  ServerMachine machine_{Sessions(milliseconds(1'000), milliseconds(4'000)), 0x10,
                         [] { return std::string(16, 'p'); }};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Conversation conversation;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (rest.size() >= 3) {
    const auto who = static_cast<std::uint8_t>(rest[0]);
    const std::size_t length = static_cast<std::size_t>(static_cast<std::uint8_t>(rest[1])) << 8 |
                               static_cast<std::uint8_t>(rest[2]);
    if ((who & kTick) != 0) conversation.pass_time();
    conversation.say(who % kConnections, rest.substr(3, length));
    rest = rest.substr(std::min(rest.size(), 3 + length));
  }
  return 0;
}
