// The server over real sockets: what no client may do to it.

#include "daemon/zookeeper/embedded/server.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <random>

#include "tests/unit/daemon/zookeeper/frames.h"

namespace onyx::zookeeper::embedded {
namespace {

class Socket {
 public:
  explicit Socket(const Server& server) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const std::string& text = server.address();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(text.substr(text.find(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void send(std::string_view bytes) { ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  // Nothing when the server has hung up.
  std::string receive_frame() {
    const std::string head = receive(4);
    if (head.size() < 4) return {};
    return head + receive(static_cast<std::size_t>(JuteReader(head).integer()));
  }

 private:
  std::string receive(std::size_t bytes) {
    std::string text(bytes, '\0');
    const ssize_t count = ::recv(fd_, text.data(), bytes, MSG_WAITALL);
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return text;
  }

  const int fd_;
};

class HandClock final : public Clock {
 public:
  Instant monotonic() const override { return Instant(std::chrono::milliseconds(ms.load())); }
  WallTimeMs wall_ms() const override { return ms.load(); }
  std::atomic<std::int64_t> ms = 1'000;
};

bool serves(const Server& server) {
  Socket socket(server);
  socket.send(with_length(hello()));
  if (socket.receive_frame().empty()) return false;
  socket.send(with_length(exists_frame(1, "/")));
  return header_of(socket.receive_frame()).code == Code::ok;
}

}  // namespace

TEST_CASE("server: a frame with an impossible length ends the connection, not the server",
          "[embedded][server]") {
  const auto server = std::move(*Server::start());
  for (const std::int32_t length : {-1, 0x100000, 0x7fffffff}) {
    Socket socket(*server);
    JuteWriter out;
    out.integer(length);
    socket.send(out.take());
    CHECK(socket.receive_frame().empty());
  }
  CHECK(serves(*server));
}

TEST_CASE("server: random bytes, before and after the hello, do no harm", "[embedded][server]") {
  const auto server = std::move(*Server::start());
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    Socket socket(*server);
    if (i % 2 == 0) {
      socket.send(with_length(hello()));
      CHECK(!socket.receive_frame().empty());
    }
    std::string bytes(random() % 200, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    socket.send(i % 3 == 0 ? bytes : with_length(bytes));
  }
  CHECK(serves(*server));
}

TEST_CASE("server: half a frame and a hang-up do no harm", "[embedded][server]") {
  const auto server = std::move(*Server::start());
  const std::string whole = with_length(hello()) + with_length(create_frame(1, "/a"));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    Socket(*server).send(std::string_view(whole).substr(0, length));
  }
  CHECK(serves(*server));
}

TEST_CASE("server: frames that come byte by byte are put together", "[embedded][server]") {
  const auto server = std::move(*Server::start());
  Socket socket(*server);
  for (const char byte : with_length(hello())) socket.send(std::string_view(&byte, 1));
  CHECK(!socket.receive_frame().empty());
  for (const char byte : with_length(create_frame(9, "/a"))) {
    socket.send(std::string_view(&byte, 1));
  }
  const ReplyHeader header = header_of(socket.receive_frame());
  CHECK(header.xid == 9);
  CHECK(header.code == Code::ok);
}

TEST_CASE("server: a session expires when the clock has passed its deadline",
          "[embedded][server]") {
  HandClock clock;
  const auto server = std::move(*Server::start({}, &clock));
  Socket owner(*server);
  owner.send(with_length(hello()));
  CHECK(!owner.receive_frame().empty());
  owner.send(with_length(create_frame(1, "/e", kFlagEphemeral)));
  CHECK(header_of(owner.receive_frame()).code == Code::ok);
  clock.ms += 999;
  server->wake();
  CHECK(server->session_count() == 1);
  clock.ms += 1;
  server->wake();
  CHECK(server->session_count() == 0);
  CHECK(owner.receive_frame().empty());
  Socket other(*server);
  other.send(with_length(hello()));
  CHECK(!other.receive_frame().empty());
  other.send(with_length(exists_frame(1, "/e")));
  CHECK(header_of(other.receive_frame()).code == Code::no_node);
}

TEST_CASE("server: a port that is taken is an error that names it", "[embedded][server]") {
  const auto server = std::move(*Server::start());
  const std::string& address = server->address();
  ServerOptions options;
  options.port = static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));
  const auto second = Server::start(options);
  REQUIRE(!second);
  CHECK(second.error().code() == ErrorCode::unavailable);
  CHECK_THAT(second.error().text(), Catch::Contains(address));
}

}  // namespace onyx::zookeeper::embedded
