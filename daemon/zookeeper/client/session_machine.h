// How alive a session is, as a function of what was heard when: the states of cluster::SessionState.
//
// Shape:   pure: facts and the time in, a verdict out. `dead` is final.
// Units:   silence counts from when the newest answered request was sent, so the server, which counts from when it came, never
//          ends a session before we do. suspect from T/3 on, fenced from 2/3 T on, dead from T on.
// Source:  spec: robustness, "connection loss is not expiry": a client that is cut off hears of its expiry only when the link is
//          back, so its own clock decides.
#pragma once

#include <chrono>
#include <string>

#include "common/base/clock.h"
#include "daemon/cluster/cluster.h"
#include "daemon/zookeeper/client/greeting.h"

namespace onyx::zookeeper {

// What a session timeout may be: shorter ones end by hiccups, longer ones leave the dead among us.
inline constexpr std::chrono::milliseconds kSessionTimeoutMin{2'000};
inline constexpr std::chrono::milliseconds kSessionTimeoutMax{40'000};

struct SessionFacts {
  Instant heard{};  // when the newest request that was answered was sent
  bool is_connected = false;
  bool is_over = false;      // the server says so
  bool is_refused = false;   // over, as it does not accept our credentials
  bool is_greeting = false;  // a server has taken the connection and has not answered on it
};

// Whether peers have to hold still.
bool is_fenced(Instant heard, std::chrono::milliseconds timeout, Instant now);

class SessionMachine {
 public:
  explicit SessionMachine(std::chrono::milliseconds timeout)
      : timeout_(timeout), greeting_(timeout) {}

  struct Step {
    cluster::SessionState state = cluster::SessionState::connected;
    bool has_changed = false;
    bool should_probe = false;      // nothing else makes the server answer
    bool should_reconnect = false;  // the server that has the connection does not answer on it
    Instant look_again{};           // at the latest, if no fact changes
    std::string why;                // of a change, for people
  };
  Step step(const SessionFacts& facts, Instant now);

 private:
  cluster::SessionState judge(const SessionFacts& facts, Instant now) const;
  std::string why(const SessionFacts& facts, cluster::SessionState next, Instant now) const;

  const std::chrono::milliseconds timeout_;
  Greeting greeting_;
  cluster::SessionState state_ = cluster::SessionState::connected;
  Instant since_{};  // the first time it was not connected
};

}  // namespace onyx::zookeeper
