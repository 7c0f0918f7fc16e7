#include "daemon/zookeeper/client/session_machine.h"

#include <fmt/format.h>

#include <algorithm>

namespace onyx::zookeeper {

using cluster::SessionState;

namespace {

std::string seconds(std::chrono::nanoseconds time) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
}

std::chrono::nanoseconds third(std::chrono::milliseconds timeout) {
  return std::chrono::nanoseconds(timeout) / 3;
}

}  // namespace

bool is_fenced(Instant heard, std::chrono::milliseconds timeout, Instant now) {
  return now - heard >= 2 * third(timeout);
}

SessionState SessionMachine::judge(const SessionFacts& facts, Instant now) const {
  const auto silence = now - facts.heard;
  if (state_ == SessionState::dead || facts.is_over || silence >= timeout_)
    return SessionState::dead;
  if (is_fenced(facts.heard, timeout_, now)) return SessionState::fenced;
  if (!facts.is_connected || silence >= third(timeout_)) return SessionState::suspect;
  return SessionState::connected;
}

SessionMachine::Step SessionMachine::step(const SessionFacts& facts, Instant now) {
  Step step;
  step.state = judge(facts, now);
  step.has_changed = step.state != state_;
  if (step.has_changed) {
    step.why = why(facts, step.state, now);
    if (state_ == SessionState::connected) since_ = now;
    state_ = step.state;
  }
  const auto period = third(timeout_) / 2;
  step.should_probe =
      state_ != SessionState::dead && facts.is_connected && now - facts.heard >= period / 2;
  step.look_again = now + period;
  for (int thirds = 1; thirds <= 3; ++thirds) {
    const Instant boundary =
        thirds == 3 ? facts.heard + timeout_ : facts.heard + thirds * third(timeout_);
    if (boundary > now) step.look_again = std::min(step.look_again, boundary);
  }
  if (facts.is_connected) {
    greeting_.answered();
  } else if (state_ != SessionState::dead) {
    step.should_reconnect = greeting_.is_overdue(facts.is_greeting, now);
    step.look_again = std::min(step.look_again, now + Greeting::kLook);
  }
  return step;
}

std::string SessionMachine::why(const SessionFacts& facts, SessionState next, Instant now) const {
  const std::string silence =
      fmt::format("no answer for {} of {}", seconds(now - facts.heard), seconds(timeout_));
  switch (next) {
    case SessionState::connected:
      return fmt::format(
          "ZooKeeper answers again after {}; {}", seconds(now - since_),
          state_ == SessionState::fenced ? "this daemon's peers go on" : "nothing had to stop");
    case SessionState::suspect:
      if (state_ == SessionState::fenced)
        return "ZooKeeper has answered, the connection is gone again; this daemon's peers go on";
      return (facts.is_connected ? silence : std::string("the connection is gone")) +
             "; peers go on";
    case SessionState::fenced:
      return silence + "; this daemon's peers hold still until ZooKeeper answers";
    case SessionState::dead:
      if (facts.is_refused)
        return "ZooKeeper refuses this daemon's credentials, check :onyxd/zookeeper-auth-file; "
               "this group is over";
      return (facts.is_over ? std::string("ZooKeeper says that it has ended") : silence) +
             "; this group is over, the daemon joins again as another";
  }
  return {};
}

}  // namespace onyx::zookeeper
