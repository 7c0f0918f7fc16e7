// What a Call and the callback that completes it share. Completed once; later completions are
// ignored.
#pragma once

#include <chrono>
#include <utility>

#include "daemon/concurrency/mutex.h"
#include "daemon/zookeeper/client/call.h"

namespace onyx::zookeeper {

class CallState {
 public:
  explicit CallState(std::chrono::steady_clock::time_point deadline) : deadline_(deadline) {}

  void complete(Reply reply) {
    concurrency::MutexLock lock(mutex_);
    if (done_) return;
    done_ = true;
    reply_ = std::move(reply);
    changed_.notify_all();
  }

  Reply wait() {
    concurrency::MutexLock lock(mutex_);
    while (!done_) {
      if (changed_.wait_until(mutex_, deadline_)) continue;
      if (done_) break;
      Reply late;
      late.code = Code::operation_timeout;
      return late;
    }
    return std::move(reply_);
  }

 private:
  const std::chrono::steady_clock::time_point deadline_;
  concurrency::Mutex mutex_;
  concurrency::Condition changed_;
  bool done_ ONYX_GUARDED_BY(mutex_) = false;
  Reply reply_ ONYX_GUARDED_BY(mutex_);
};

}  // namespace onyx::zookeeper
