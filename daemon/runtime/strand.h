// What workers run: something that is stepped in slices and says when it has nothing to do.
//
//              wake()                 a worker takes it              run(): waiting
//     idle ───────────▶ queued ──────────────────────▶ running ─────────────────────▶ idle
//                         ▲                              │ │  wake() meanwhile, or run(): again
//                         └──────────────────────────────┘ └───────▶ finished   run(): finished
//
// Thread:  run() is called by one worker at a time. wake() may be called by any thread, at any time, also after the end.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>

#include "common/base/clock.h"
#include "daemon/runtime/fiber.h"

namespace onyx::runtime {

class Workers;

enum class Ran : unsigned char {
  again,     // there is more to do
  waiting,   // nothing until woken, or until wake_at()
  finished,  // never run it again
};

class Strand : public std::enable_shared_from_this<Strand> {
 public:
  virtual ~Strand();

  // Works until there is nothing to do, or `slice_end` has come.
  virtual Ran run(Instant slice_end) = 0;
  // When it wants to run although nobody wakes it; asked after `waiting`.
  virtual std::optional<Instant> wake_at() const { return std::nullopt; }

  void wake();

 private:
  friend class Workers;
  enum class State : unsigned char { idle, queued, running, running_woken, finished };

  std::atomic<State> state_{State::idle};
  Workers* workers_ = nullptr;
  std::size_t home_ = 0;          // the worker whose queue it is put into
  Ran ran_ = Ran::waiting;        // what the last slice came to
  std::unique_ptr<Fiber> fiber_;  // while an evaluation is paused; only `home_` may go on with it
  std::optional<Instant> timer_;  // guarded by the workers' mutex: when its only timer is due
};

}  // namespace onyx::runtime
