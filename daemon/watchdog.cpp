#include "daemon/watchdog.h"

#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <condition_variable>
#include <mutex>

#include "daemon/concurrency/named_thread.h"

namespace onyx {

struct Watchdog::State {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  concurrency::NamedThread thread;
};

Watchdog::Watchdog(std::function<bool(std::uint64_t)> probe) : state_(std::make_unique<State>()) {
  std::uint64_t limit_us = 0;
  if (::sd_watchdog_enabled(0, &limit_us) <= 0) return;
  State* s = state_.get();
  s->thread = concurrency::NamedThread("watchdog", [s, probe = std::move(probe), limit_us] {
    for (;;) {
      if (probe(limit_us / 2)) {
        ::sd_notify(0, "WATCHDOG=1");
      } else {
        spdlog::error("no progress within {} ms, systemd is not told that we are alive",
                      limit_us / 2000);
      }
      std::unique_lock lock(s->mutex);
      if (s->changed.wait_for(lock, std::chrono::microseconds(limit_us / 4),
                              [s] { return s->stopping; }))
        return;
    }
  });
}

Watchdog::~Watchdog() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->changed.notify_all();
  }
  state_->thread.join();
}

}  // namespace onyx
