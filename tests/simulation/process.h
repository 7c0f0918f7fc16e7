// A simulated operating-system process: what is meant for it is held back while it stands still, and lost once it is dead.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

namespace onyx::simulation {

struct Process {
  std::uint32_t host = 0;
  std::uint64_t number = 0;  // of all processes of the run
  bool dead = false;
  bool paused = false;
  std::int64_t clock_percent = 100;  // how fast its clock runs
  std::deque<std::function<void()>> held_back;

  void deliver(std::function<void()> what) {
    if (dead) return;
    if (paused) {
      held_back.push_back(std::move(what));
    } else {
      what();
    }
  }
};

}  // namespace onyx::simulation
