// Tells systemd that the daemon is alive, as long as it really gets on: the group's thread answers and a worker runs what is
// given to it.
//
// Shape:   does nothing when systemd has not asked for it (WatchdogSec=).
// Thread:  one of its own.
#pragma once

#include <functional>
#include <memory>

namespace onyx {

class Watchdog {
 public:
  // `probe` says whether everything that has to move has moved within the time given, in microseconds.
  explicit Watchdog(std::function<bool(std::uint64_t)> probe);
  ~Watchdog();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onyx
