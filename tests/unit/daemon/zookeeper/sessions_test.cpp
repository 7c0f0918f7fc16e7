#include "daemon/zookeeper/embedded/sessions.h"

#include <catch2/catch.hpp>

namespace onyx::zookeeper::embedded {
namespace {

using std::chrono::milliseconds;

Instant at(int ms) { return Instant(milliseconds(ms)); }

Sessions some_sessions() { return Sessions(milliseconds(100), milliseconds(1'000)); }

}  // namespace

TEST_CASE("sessions: the timeout granted lies within the limits", "[embedded][sessions]") {
  Sessions sessions = some_sessions();
  CHECK(sessions.open(1, "pw", milliseconds(10), at(0)) == milliseconds(100));
  CHECK(sessions.open(2, "pw", milliseconds(500), at(0)) == milliseconds(500));
  CHECK(sessions.open(3, "pw", milliseconds(9'999), at(0)) == milliseconds(1'000));
}

TEST_CASE("sessions: one that is heard from lives on", "[embedded][sessions]") {
  Sessions sessions = some_sessions();
  sessions.open(1, "pw", milliseconds(100), at(0));
  CHECK(sessions.touch(1, at(90)));
  CHECK(sessions.expire(at(189)).empty());
  CHECK(sessions.expire(at(190)) == std::vector<SessionId>{1});
  CHECK(!sessions.touch(1, at(191)));
  CHECK(sessions.size() == 0);
}

TEST_CASE("sessions: they expire in the order of their deadlines", "[embedded][sessions]") {
  Sessions sessions = some_sessions();
  sessions.open(1, "pw", milliseconds(300), at(0));
  sessions.open(2, "pw", milliseconds(100), at(0));
  sessions.open(3, "pw", milliseconds(200), at(0));
  CHECK(sessions.next_deadline() == at(100));
  CHECK(sessions.expire(at(250)) == std::vector<SessionId>{2, 3});
  CHECK(sessions.next_deadline() == at(300));
}

TEST_CASE("sessions: only who knows the password can come back", "[embedded][sessions]") {
  Sessions sessions = some_sessions();
  sessions.open(1, "pw", milliseconds(100), at(0));
  CHECK(!sessions.resume(1, "guess", milliseconds(100), at(50)));
  CHECK(!sessions.resume(2, "pw", milliseconds(100), at(50)));
  CHECK(sessions.resume(1, "pw", milliseconds(200), at(50)) == milliseconds(200));
  CHECK(sessions.next_deadline() == at(250));
}

TEST_CASE("sessions: one that is closed does not expire", "[embedded][sessions]") {
  Sessions sessions = some_sessions();
  sessions.open(1, "pw", milliseconds(100), at(0));
  CHECK(sessions.close(1));
  CHECK(!sessions.close(1));
  CHECK(sessions.expire(at(1'000)).empty());
  CHECK(sessions.next_deadline() == std::nullopt);
}

}  // namespace onyx::zookeeper::embedded
