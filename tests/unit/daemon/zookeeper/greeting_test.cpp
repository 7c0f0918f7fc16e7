#include "daemon/zookeeper/client/greeting.h"

#include <catch2/catch.hpp>
#include <vector>

#include "daemon/zookeeper/warden/servers.h"

namespace onyx::zookeeper {
namespace {

using std::chrono::milliseconds;

const Instant kStart{std::chrono::hours(1)};

// How long each of some connections is given, when none is answered.
std::vector<int> patience(milliseconds timeout, std::size_t count) {
  Greeting greeting(timeout);
  std::vector<int> given;
  Instant since = kStart;
  for (Instant now = kStart; given.size() < count; now += milliseconds(1)) {
    if (!greeting.is_overdue(true, now)) continue;
    given.push_back(static_cast<int>((now - since) / milliseconds(1)));
    since = now + milliseconds(1);
  }
  return given;
}

}  // namespace

TEST_CASE("greeting: it is given little time at first, then ever more, up to a third",
          "[session]") {
  CHECK(patience(milliseconds(4'000), 8) ==
        std::vector<int>{250, 250, 500, 500, 1'000, 1'000, 1'334, 1'334});
  CHECK(patience(milliseconds(2'000), 7) == std::vector<int>{125, 125, 250, 250, 500, 500, 667});
  CHECK(patience(milliseconds(40'000), 6) == std::vector<int>{250, 250, 500, 500, 1'000, 1'000});
}

TEST_CASE("greeting: the time runs from when the connection was taken", "[session]") {
  Greeting greeting(milliseconds(4'000));
  CHECK_FALSE(greeting.is_overdue(true, kStart));
  CHECK_FALSE(greeting.is_overdue(false, kStart + milliseconds(200)));
  CHECK_FALSE(greeting.is_overdue(true, kStart + milliseconds(300)));
  CHECK_FALSE(greeting.is_overdue(true, kStart + milliseconds(549)));
  CHECK(greeting.is_overdue(true, kStart + milliseconds(550)));
}

TEST_CASE("greeting: once answered, the next time begins with a short patience", "[session]") {
  Greeting greeting(milliseconds(4'000));
  greeting.is_overdue(true, kStart);
  CHECK(greeting.is_overdue(true, kStart + milliseconds(250)));
  greeting.answered();
  CHECK_FALSE(greeting.is_overdue(true, kStart + milliseconds(300)));
  CHECK(greeting.is_overdue(true, kStart + milliseconds(550)));
}

TEST_CASE("servers: what an address names", "[session]") {
  const auto text = [](std::string_view address) {
    std::vector<std::string> all;
    for (const Server& server : servers_in(address)) all.push_back(server.host + " " + server.port);
    return all;
  };
  CHECK(text("a:1,10.0.0.2:2181,[::1]:3/some/root") ==
        std::vector<std::string>{"a 1", "10.0.0.2 2181", "::1 3"});
  CHECK(text("none,b:2") == std::vector<std::string>{"b 2"});
  CHECK(text("").empty());
}

}  // namespace onyx::zookeeper
