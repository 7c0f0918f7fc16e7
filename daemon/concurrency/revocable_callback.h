// A callback that can be taken back: after revoke() no call is under way and none will come.
//
// Thread:  any. The callback must only enqueue, and must not revoke itself: it runs under the mutex
//          that makes the promise above hold.
#pragma once

#include <functional>
#include <utility>

#include "daemon/concurrency/mutex.h"

namespace onyx::concurrency {

template <class... Args>
class RevocableCallback {
 public:
  explicit RevocableCallback(std::function<void(Args...)> call) : call_(std::move(call)) {}

  void run(Args... args) {
    MutexLock lock(mutex_);
    if (call_) call_(args...);
  }

  // At most one of all the calls of this gets through.
  void run_once(Args... args) {
    MutexLock lock(mutex_);
    if (call_) std::exchange(call_, nullptr)(args...);
  }

  void revoke() {
    MutexLock lock(mutex_);
    call_ = nullptr;
  }

 private:
  Mutex mutex_;
  std::function<void(Args...)> call_ ONYX_GUARDED_BY(mutex_);
};

}  // namespace onyx::concurrency
