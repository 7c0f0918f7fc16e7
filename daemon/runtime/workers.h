// The worker threads: each runs the strands of many peers, one slice at a time, and sleeps when none has anything to do.
//
// Shape:   a queue per worker; a worker with an empty queue takes from the others what is not paused in the middle of an
//          evaluation. After the last slice it looks around for a few microseconds, then sleeps on a futex.
// Units:   a slice is kSlice; an evaluation that runs longer is paused where the function language offers it.
// Thread:  add() and wake() from any thread. stop() waits until the slices in hand are over; strands that have not finished
//          are dropped.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/base/clock.h"
#include "common/lang/call.h"
#include "daemon/runtime/strand.h"

namespace onyx::runtime {

inline constexpr std::chrono::milliseconds kSlice{2};

class Workers {
 public:
  explicit Workers(std::size_t threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // From now on the strands are run whenever they are woken; each is woken once here, when all of them can be: they may
  // wake each other from the first moment.
  void add(const std::vector<std::shared_ptr<Strand>>& strands);
  void stop();

  std::size_t size() const { return workers_.size(); }
  std::size_t timers() const;  // at most one a strand

  // Where an evaluation of a strand on this worker thread pauses. `should_stop` ends it.
  // One object serves all strands: it knows the calling thread's fiber.
  static lang::Yield& yield();
  static void set_should_stop(const std::atomic<bool>* flag);  // for the slice in hand

  // Steady time, read once per slice or so.
  static Instant now();

 private:
  friend class Strand;
  struct Worker {
    std::thread thread;
    std::deque<std::shared_ptr<Strand>> ready;  // guarded by mutex_
    std::condition_variable has_work;
    bool sleeps = false;                         // guarded by mutex_
    std::vector<std::unique_ptr<Fiber>> fibers;  // idle ones; this worker's thread only
  };

  void enqueue(std::shared_ptr<Strand> strand);
  void work(std::size_t index);
  std::shared_ptr<Strand> next(std::size_t index);
  std::shared_ptr<Strand> take_ready(std::size_t index);  // mutex_ held
  void set_timer(const std::shared_ptr<Strand>& strand, Instant at);
  void release_due_timers(Instant now);  // mutex_ held
  bool rouse(Worker& worker);            // mutex_ held; false: it does not sleep
  void rouse_any();                      // mutex_ held
  void run_slice(Worker& worker, std::shared_ptr<Strand> strand);

  std::vector<std::unique_ptr<Worker>> workers_;
  mutable std::mutex mutex_;
  std::multimap<Instant, std::weak_ptr<Strand>> timers_;  // guarded by mutex_
  bool stopping_ = false;                                 // guarded by mutex_
  std::atomic<bool> is_closing_{false};
  std::atomic<std::size_t> ready_count_{0};
  std::atomic<std::size_t> next_home_{0};
};

}  // namespace onyx::runtime
