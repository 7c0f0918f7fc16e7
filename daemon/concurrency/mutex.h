// A mutex, a lock and a condition that clang's thread-safety analysis sees; std::mutex underneath.
//
// Shape:   `Mutex mutex_; int count_ ONYX_GUARDED_BY(mutex_);` and `MutexLock lock(mutex_);` around
//          every use. Thread:  any. A mutex is private to its class and never held across a call
//          out of it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define ONYX_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define ONYX_THREAD_ANNOTATION(x)
#endif
#define ONYX_GUARDED_BY(mutex) ONYX_THREAD_ANNOTATION(guarded_by(mutex))
#define ONYX_REQUIRES(mutex) ONYX_THREAD_ANNOTATION(requires_capability(mutex))

namespace onyx::concurrency {

class ONYX_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() ONYX_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void unlock() ONYX_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class ONYX_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ONYX_THREAD_ANNOTATION(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() ONYX_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

class Condition {
 public:
  // The mutex is held on entry and on return. Wakes spuriously; callers loop on their own
  // predicate.
  void wait(Mutex& mutex) ONYX_REQUIRES(mutex) { condition_.wait(mutex); }

  // False when `until` has passed.
  template <class Clock, class Duration>
  bool wait_until(Mutex& mutex, std::chrono::time_point<Clock, Duration> until)
      ONYX_REQUIRES(mutex) {
    return condition_.wait_until(mutex, until) == std::cv_status::no_timeout;
  }

  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace onyx::concurrency
