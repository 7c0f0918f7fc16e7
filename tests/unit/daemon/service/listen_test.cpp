#include "daemon/service/listen.h"

#include <catch2/catch.hpp>

namespace onyx::service {

TEST_CASE("listen: a Unix socket is an absolute path", "[service]") {
  CHECK(parse_listen("unix:/run/onyx/onyxd.sock").value().path == "/run/onyx/onyxd.sock");
  CHECK(parse_listen("unix:relative").error().code() == ErrorCode::invalid_argument);
  CHECK(parse_listen("unix:").error().code() == ErrorCode::invalid_argument);
}

TEST_CASE("listen: a path too long for a socket is refused with its length", "[service]") {
  const auto found = parse_listen("unix:/" + std::string(200, 'x'));
  REQUIRE(!found);
  CHECK(found.error().message().find("201") != std::string::npos);
}

TEST_CASE("listen: loopback addresses are taken, with the usual port when none is given",
          "[service]") {
  CHECK(parse_listen("127.0.0.1:0").value().text() == "127.0.0.1:0");
  CHECK(parse_listen("localhost:7401").value().port == 7401);
  CHECK(parse_listen("localhost").value().port == kApiPort);
  CHECK(parse_listen("[::1]:99").value().text() == "[::1]:99");
}

TEST_CASE("listen: what other machines can reach is refused until there is TLS", "[service]") {
  for (const char* address :
       {"0.0.0.0:7400", "10.1.2.3:7400", "host-a:1", "[::]:1", "127.evil:1"}) {
    INFO(address);
    CHECK(parse_listen(address).error().code() == ErrorCode::permission_denied);
  }
}

TEST_CASE("listen: a port out of range or not a number is refused", "[service]") {
  for (const char* address :
       {"127.0.0.1:65536", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:1x", ":1"}) {
    INFO(address);
    CHECK(parse_listen(address).error().code() == ErrorCode::invalid_argument);
  }
}

}  // namespace onyx::service
