// How other threads get the data-plane I/O thread's attention.
//
// Shape:   work is posted as a function, an end of a channel rings by its id. A thread that sleeps is woken through an eventfd, one
//          that is up anyway looks by itself, so that a busy channel costs no system call.
// Thread:  post() and ring() by any; the rest by the thread that is woken.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "daemon/concurrency/mutex.h"
#include "daemon/messaging/transport/switchboard.h"

namespace onyx::messaging {

class Doorbell {
 public:
  Doorbell();
  ~Doorbell();
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;

  void post(std::function<void()> work);
  void ring(EndId end);

  int descriptor() const { return descriptor_; }  // readable when somebody rang during sleep
  // From now on whoever rings wakes. False: somebody has rung already, do not sleep.
  bool fall_asleep();
  void wake_up();
  void hear();  // the descriptor is readable
  // What has come since the last time.
  void take(std::vector<std::function<void()>>& work, std::vector<EndId>& rung);

 private:
  void wake();

  int descriptor_;
  std::atomic<bool> sleeps_{false};
  std::atomic<bool> has_any_{false};
  concurrency::Mutex mutex_;
  std::vector<std::function<void()>> work_ ONYX_GUARDED_BY(mutex_);
  std::vector<EndId> rung_ ONYX_GUARDED_BY(mutex_);
};

}  // namespace onyx::messaging
