// A first-in first-out queue between threads that holds at most `capacity` items: full is
// back-pressure.
//
// Thread:  any number of producers and consumers.
// Errors:  none; after close() nothing more goes in, what is inside can still be taken out, then
//          pop() says nullopt.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "daemon/concurrency/mutex.h"

namespace onyx::concurrency {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  // Blocks while the queue is full. False when it is closed; the item is dropped then.
  bool push(T item) {
    MutexLock lock(mutex_);
    while (items_.size() >= capacity_ && !closed_) has_room_.wait(mutex_);
    return add(std::move(item));
  }

  // Never blocks. False when the queue is full or closed; `item` is untouched then.
  bool try_push(T& item) {
    MutexLock lock(mutex_);
    if (items_.size() >= capacity_ || closed_) return false;
    return add(std::move(item));
  }
  bool try_push(T&& item) { return try_push(item); }

  // Never blocks and goes in though the queue is full: for a thread that the consumer may be waiting for, and which adds only
  // a bounded number for each item it gets. False when it is closed.
  bool push_over(T item) {
    MutexLock lock(mutex_);
    return add(std::move(item));
  }

  // Blocks until there is an item. Nothing when the queue is closed and empty.
  std::optional<T> pop() {
    MutexLock lock(mutex_);
    while (items_.empty() && !closed_) has_item_.wait(mutex_);
    return take();
  }

  // As pop(), but gives up at `until`.
  std::optional<T> pop_until(std::chrono::steady_clock::time_point until) {
    MutexLock lock(mutex_);
    while (items_.empty() && !closed_) {
      if (!has_item_.wait_until(mutex_, until)) break;
    }
    return take();
  }

  std::optional<T> try_pop() {
    MutexLock lock(mutex_);
    return take();
  }

  void close() {
    MutexLock lock(mutex_);
    closed_ = true;
    has_item_.notify_all();
    has_room_.notify_all();
  }

  bool is_closed() const {
    MutexLock lock(mutex_);
    return closed_;
  }

  std::size_t size() const {
    MutexLock lock(mutex_);
    return items_.size();
  }

 private:
  bool add(T&& item) ONYX_REQUIRES(mutex_) {
    if (closed_) return false;
    items_.push_back(std::move(item));
    has_item_.notify_one();
    return true;
  }

  std::optional<T> take() ONYX_REQUIRES(mutex_) {
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    has_room_.notify_one();
    return item;
  }

  const std::size_t capacity_;
  mutable Mutex mutex_;
  Condition has_item_;
  Condition has_room_;
  std::deque<T> items_ ONYX_GUARDED_BY(mutex_);
  bool closed_ ONYX_GUARDED_BY(mutex_) = false;
};

}  // namespace onyx::concurrency
