// A stack of its own on which a function runs and can pause: how a long evaluation lets other tasks go on.
//
//            run(body) / resume()          body ends
//    idle ───────────────────────▶ running ─────────▶ idle        run() and resume() return true
//                                  │    ▲
//                           pause()▼    │resume()
//                                  paused                          run() and resume() return false
//
// Shape:   the stack is mapped once, with a guard page, and used for one body after another.
// Thread:  a paused fiber is resumed by the thread that ran it: thread-local memory pools and C++'s exception state belong
//          to that thread (the latter is swapped at every switch).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace onyx::runtime {

class Fiber {
 public:
  Fiber();
  ~Fiber();  // not while paused
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  bool run(std::function<void()> body);
  bool resume();
  void pause();  // inside the body
  bool is_paused() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onyx::runtime
