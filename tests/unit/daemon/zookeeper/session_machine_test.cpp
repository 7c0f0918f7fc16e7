#include "daemon/zookeeper/client/session_machine.h"

#include <catch2/catch.hpp>

namespace onyx::zookeeper {
namespace {

using cluster::SessionState;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr milliseconds kTimeout{6'000};
constexpr nanoseconds kTick{1};
const Instant kStart{std::chrono::hours(1)};

SessionFacts heard_at(Instant heard, bool is_connected = true) {
  SessionFacts facts;
  facts.heard = heard;
  facts.is_connected = is_connected;
  return facts;
}

SessionState after(nanoseconds silence) {
  return SessionMachine(kTimeout).step(heard_at(kStart), kStart + silence).state;
}

}  // namespace

TEST_CASE("session machine: each state begins at its boundary and not before", "[session]") {
  CHECK(after(nanoseconds(0)) == SessionState::connected);
  CHECK(after(milliseconds(2'000) - kTick) == SessionState::connected);
  CHECK(after(milliseconds(2'000)) == SessionState::suspect);
  CHECK(after(milliseconds(4'000) - kTick) == SessionState::suspect);
  CHECK(after(milliseconds(4'000)) == SessionState::fenced);
  CHECK(after(milliseconds(6'000) - kTick) == SessionState::fenced);
  CHECK(after(milliseconds(6'000)) == SessionState::dead);
}

TEST_CASE("session machine: a timeout that three does not divide fences no later than 2/3 of it",
          "[session]") {
  for (const milliseconds timeout :
       {milliseconds(2'000), milliseconds(4'000), milliseconds(40'000)}) {
    const auto exact = nanoseconds(timeout) * 2 / 3;
    CHECK(is_fenced(kStart, timeout, kStart + exact));
    CHECK_FALSE(is_fenced(kStart, timeout, kStart + exact - milliseconds(1)));
    CHECK(SessionMachine(timeout).step(heard_at(kStart), kStart + timeout - kTick).state ==
          SessionState::fenced);
  }
}

TEST_CASE("session machine: a broken connection is suspect at once, and fences nothing by itself",
          "[session]") {
  SessionMachine machine(kTimeout);
  const auto step = machine.step(heard_at(kStart, false), kStart);
  CHECK(step.state == SessionState::suspect);
  CHECK(step.has_changed);
  CHECK(step.why == "the connection is gone; peers go on");
  CHECK(machine.step(heard_at(kStart, false), kStart + milliseconds(3'999)).state ==
        SessionState::suspect);
  CHECK(machine.step(heard_at(kStart, false), kStart + milliseconds(4'000)).state ==
        SessionState::fenced);
}

TEST_CASE("session machine: an answer within the timeout leads back from every state but dead",
          "[session]") {
  SessionMachine machine(kTimeout);
  CHECK(machine.step(heard_at(kStart), kStart + milliseconds(2'500)).state ==
        SessionState::suspect);
  CHECK(machine.step(heard_at(kStart + milliseconds(2'400)), kStart + milliseconds(2'600)).state ==
        SessionState::connected);
  CHECK(machine.step(heard_at(kStart), kStart + milliseconds(5'999)).state == SessionState::fenced);
  const auto back =
      machine.step(heard_at(kStart + milliseconds(5'999)), kStart + milliseconds(6'100));
  CHECK(back.state == SessionState::connected);
  CHECK(back.why == "ZooKeeper answers again after 0.1 s; this daemon's peers go on");
}

TEST_CASE("session machine: an answer to an old request is as old as the request", "[session]") {
  SessionMachine machine(kTimeout);
  CHECK(machine.step(heard_at(kStart), kStart + milliseconds(5'000)).state == SessionState::fenced);
  CHECK(machine.step(heard_at(kStart + milliseconds(500)), kStart + milliseconds(5'000)).state ==
        SessionState::fenced);
}

TEST_CASE("session machine: dead is final, whatever is heard later", "[session]") {
  SessionMachine machine(kTimeout);
  CHECK(machine.step(heard_at(kStart), kStart + kTimeout).state == SessionState::dead);
  const Instant later = kStart + std::chrono::minutes(1);
  const auto step = machine.step(heard_at(later), later);
  CHECK(step.state == SessionState::dead);
  CHECK_FALSE(step.has_changed);
  CHECK_FALSE(step.should_probe);
}

TEST_CASE("session machine: the server's word ends it in any state", "[session]") {
  for (const auto silence : {milliseconds(0), milliseconds(2'000), milliseconds(4'000)}) {
    SessionMachine machine(kTimeout);
    machine.step(heard_at(kStart), kStart + silence);
    SessionFacts facts = heard_at(kStart);
    facts.is_over = true;
    const auto step = machine.step(facts, kStart + silence);
    CHECK(step.state == SessionState::dead);
    CHECK(
        step.why ==
        "ZooKeeper says that it has ended; this group is over, the daemon joins again as another");
  }
}

TEST_CASE("session machine: credentials that are refused end it, and it says so", "[session]") {
  SessionMachine machine(kTimeout);
  SessionFacts facts = heard_at(kStart);
  facts.is_over = facts.is_refused = true;
  const auto step = machine.step(facts, kStart);
  CHECK(step.state == SessionState::dead);
  CHECK(step.why ==
        "ZooKeeper refuses this daemon's credentials, check :onyxd/zookeeper-auth-file; this group "
        "is over");
}

TEST_CASE("session machine: a process that was stopped past the timeout wakes up dead",
          "[session]") {
  SessionMachine machine(kTimeout);
  CHECK(machine.step(heard_at(kStart), kStart).state == SessionState::connected);
  CHECK(machine.step(heard_at(kStart), kStart + std::chrono::minutes(5)).state ==
        SessionState::dead);
}

TEST_CASE("session machine: it looks again at each boundary, and asks before the silence counts",
          "[session]") {
  SessionMachine machine(kTimeout);
  const auto fresh = machine.step(heard_at(kStart), kStart);
  CHECK_FALSE(fresh.has_changed);
  CHECK_FALSE(fresh.should_probe);
  CHECK(fresh.look_again == kStart + milliseconds(1'000));
  CHECK(machine.step(heard_at(kStart), kStart + milliseconds(500)).should_probe);
  CHECK(machine.step(heard_at(kStart), kStart + milliseconds(1'500)).look_again ==
        kStart + milliseconds(2'000));
  CHECK(machine.step(heard_at(kStart), kStart + milliseconds(3'500)).look_again ==
        kStart + milliseconds(4'000));
  CHECK(machine.step(heard_at(kStart), kStart + milliseconds(5'900)).look_again ==
        kStart + milliseconds(6'000));
}

TEST_CASE("session machine: a connection that is taken and not answered is broken in good time",
          "[session]") {
  SessionMachine machine(kTimeout);
  SessionFacts facts = heard_at(kStart, false);
  facts.is_greeting = true;
  const auto first = machine.step(facts, kStart);
  CHECK_FALSE(first.should_reconnect);
  CHECK_FALSE(first.should_probe);
  CHECK(first.look_again == kStart + Greeting::kLook);
  CHECK_FALSE(machine.step(facts, kStart + milliseconds(249)).should_reconnect);
  CHECK(machine.step(facts, kStart + milliseconds(250)).should_reconnect);
  CHECK_FALSE(machine.step(facts, kStart + milliseconds(300)).should_reconnect);
  // It answers: nothing of that counts the next time.
  machine.step(heard_at(kStart), kStart + milliseconds(400));
  CHECK_FALSE(machine.step(facts, kStart + milliseconds(500)).should_reconnect);
  CHECK(machine.step(facts, kStart + milliseconds(750)).should_reconnect);
  CHECK_FALSE(machine.step(facts, kStart + kTimeout).should_reconnect);
}

}  // namespace onyx::zookeeper
