#include "daemon/messaging/transport/link.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "daemon/messaging/transport/address.h"
#include "daemon/messaging/wire/format.h"

using namespace onyx;
using namespace onyx::messaging;

namespace {

const Instant kStart{std::chrono::hours(1)};
const Identity kA{"t", GroupId("a"), "secret"};
const Identity kB{"t", GroupId("b"), "secret"};

void cross(Link& from, Link& to) {
  auto& output = from.output();
  std::copy(output.data(), output.data() + output.size(), to.space(output.size()));
  to.arrived(output.size(), kStart);
  output.clear();
}

// The rule that ends it, or "".
std::string rule_of(Link& link) {
  const auto next = link.next();
  return next.has_value() ? "" : next.error().rule();
}

// The rules by which the acceptor and then the dialler end it.
std::pair<std::string, std::string> greeting(const Identity& dialler, const GroupId& to,
                                             const Identity& acceptor) {
  Link a = Link::dialled(dialler, to, {}, kStart);
  Link b = Link::accepted(acceptor, {}, kStart);
  cross(a, b);
  const auto heard = b.next();
  if (!heard.has_value()) b.give_up(heard.error());
  cross(b, a);
  std::string of_dialler = rule_of(a);
  if (heard.has_value()) {
    CHECK(a.is_open());
    CHECK(b.is_open());
    CHECK(b.group() == dialler.group);
  }
  return {heard.has_value() ? "" : heard.error().rule(), std::move(of_dialler)};
}

}  // namespace

TEST_CASE("link: two sides of one tenancy greet", "[messaging][link]") {
  CHECK(greeting(kA, GroupId("b"), kB) == std::pair<std::string, std::string>{"", ""});
}

TEST_CASE("link: another tenancy, token or group is refused, and told why", "[messaging][link]") {
  using Rules = std::pair<std::string, std::string>;
  CHECK(greeting({"u", GroupId("a"), "secret"}, GroupId("b"), kB) == Rules{"NET-30", "NET-33"});
  CHECK(greeting({"t", GroupId("a"), "guess!"}, GroupId("b"), kB) == Rules{"NET-30", "NET-33"});
  CHECK(greeting({"t", GroupId("a"), ""}, GroupId("b"), kB) == Rules{"NET-30", "NET-33"});
  CHECK(greeting(kA, GroupId("c"), kB) == Rules{"NET-31", "NET-33"});
}

TEST_CASE("link: nothing is taken before the greeting", "[messaging][link]") {
  wire::Encoder encoder;
  wire::ByteBuffer bytes;
  encoder.preamble(bytes);
  encoder.write(wire::Open{1, {}}, bytes);
  Link link = Link::accepted(kB, {}, kStart);
  std::copy(bytes.data(), bytes.data() + bytes.size(), link.space(bytes.size()));
  link.arrived(bytes.size(), kStart);
  CHECK(rule_of(link) == "NET-32");
}

TEST_CASE("link: another protocol's bytes and another version are told apart",
          "[messaging][link]") {
  const auto first_bytes = [](std::string text) {
    Link link = Link::accepted(kB, {}, kStart);
    std::copy(text.begin(), text.end(), link.space(text.size()));
    link.arrived(text.size(), kStart);
    const auto next = link.next();
    return next.has_value() ? std::string() : next.error().message();
  };
  CHECK(first_bytes("GET / HTTP/1.1\r\n").find("not a data plane of Onyx") != std::string::npos);
  CHECK(first_bytes("ONYXD\x07\r\n").find("version 7") != std::string::npos);
}

TEST_CASE("link: a frame that does not get complete breaks it", "[messaging][link]") {
  Link link = Link::accepted(kB, {}, kStart);
  wire::ByteBuffer bytes;
  wire::Encoder encoder;
  encoder.preamble(bytes);
  encoder.write(wire::Hello{"t", GroupId("a"), GroupId("b"), "secret"}, bytes);
  // A byte a second is a sign of life, but no frame.
  Instant now = kStart;
  std::string rule;
  for (std::size_t i = 0; i + 1 < bytes.size() && rule.empty(); ++i) {
    *link.space(1) = bytes.data()[i];
    link.arrived(1, now);
    REQUIRE(link.next().has_value());
    if (const auto ticked = link.tick(now); !ticked.has_value()) rule = ticked.error().rule();
    now += std::chrono::seconds(1);
  }
  CHECK(rule == "NET-34");
}

TEST_CASE("link: silence is judged past half of the session timeout, and within 5 s by default",
          "[messaging][link]") {
  using std::chrono::milliseconds;
  CHECK(link_times(milliseconds(2'000)).silence == milliseconds(3'000));
  CHECK(link_times(milliseconds(4'000)).silence == milliseconds(3'000));
  CHECK(link_times(milliseconds(8'000)).silence == milliseconds(5'000));
  CHECK(link_times(milliseconds(40'000)).silence == milliseconds(21'000));
  CHECK(link_times(milliseconds(4'000)).frame == milliseconds(5'000));
  CHECK(link_times(milliseconds(40'000)).frame == milliseconds(21'000));
}

TEST_CASE("link: a process that stands still for half of the session timeout is not missed",
          "[messaging][link]") {
  using std::chrono::milliseconds;
  const milliseconds timeout(20'000);
  Link link = Link::accepted(kB, link_times(timeout), kStart);
  Instant now = kStart;
  for (; now < kStart + timeout / 2 + milliseconds(1'000); now += milliseconds(200))
    CHECK(link.tick(now).has_value());
  const auto missed = link.tick(now + milliseconds(1));
  REQUIRE_FALSE(missed.has_value());
  CHECK(missed.error().rule() == "NET-34");
}

TEST_CASE("address: sites are read as they are written", "[messaging][address]") {
  const auto read = parse_addresses("unix:/run/onyx/data.sock,127.0.0.1:7401,[::1]:0");
  REQUIRE(read.has_value());
  REQUIRE(read->size() == 3);
  CHECK((*read)[0] == Address{"/run/onyx/data.sock", "", 0});
  CHECK((*read)[1] == Address{"", "127.0.0.1", 7401});
  CHECK((*read)[2].text() == "[::1]:0");
  CHECK(parse_address("localhost:1")->text() == "127.0.0.1:1");
}

TEST_CASE("address: what is no address is refused with a reason", "[messaging][address]") {
  for (const char* text :
       {"", "unix:", "unix:relative", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000",
        "10.0.0.1:7401", "example.org:7401", "127.0.0.1:1,", ",127.0.0.1:1"}) {
    INFO(text);
    const auto read = parse_addresses(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().rule() == "NET-01");
  }
  CHECK_FALSE(parse_address("unix:/" + std::string(200, 'x')).has_value());
}
