// How long a server that has taken the connection may think about the session we come back with.
//
// Shape:   pure. A server that starts takes connections before it answers on them, and what it was sent by then may never be
//          answered. The C client waits two thirds of the session timeout, which is what the session has left. So the connection
//          is broken before that and made again, at once in the beginning and then ever later, for a server that is only slow.
// Units:   the first two connections are given a sixteenth of the timeout, a quarter of a second at most, the next two twice as
//          long, and so on, up to a third of the timeout. So a server that needs two seconds to begin is not kept waiting by us
//          for more than one.
#pragma once

#include <chrono>
#include <optional>

#include "common/base/clock.h"

namespace onyx::zookeeper {

class Greeting {
 public:
  explicit Greeting(std::chrono::milliseconds timeout);

  // To be called whenever something may have changed, and every kLook while not connected. `is_awaited`: a server has taken the
  // connection and has not answered. True: break it now.
  bool is_overdue(bool is_awaited, Instant now);

  // The session goes on: the next time it begins with a short patience again.
  void answered();

  static constexpr std::chrono::milliseconds kLook{50};

 private:
  const std::chrono::nanoseconds first_;
  const std::chrono::nanoseconds most_;
  std::chrono::nanoseconds patience_;
  bool has_doubled_ = true;
  std::optional<Instant> since_;
};

}  // namespace onyx::zookeeper
