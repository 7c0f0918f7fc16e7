// A value that is shared until somebody changes it: copying is one reference count, edit() clones only what is shared.
//
// Thread:  a Cow object belongs to one thread; what it points to may be read by any number of them.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace onyx::replica {

template <class T>
class Cow {
 public:
  Cow() : value_(std::make_shared<T>()) {}
  explicit Cow(T value) : value_(std::make_shared<T>(std::move(value))) {}

  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }

  // For changing it: in place when nobody else holds it, on a copy otherwise.
  T& edit() {
    // A count of one can only be our own, and only we could raise it: no other thread can reach the value any more.
    if (value_.use_count() != 1) value_ = std::make_shared<T>(*value_);
#if defined(__SANITIZE_THREAD__)
    std::shared_ptr<T>(value_)
        .reset();  // TSan knows no fences; this orders the same through the count itself
#else
    std::atomic_thread_fence(std::memory_order_acquire);  // after the last reader's release
#endif
    return *value_;
  }

  friend bool operator==(const Cow& a, const Cow& b) {
    return a.value_ == b.value_ || *a.value_ == *b.value_;
  }

 private:
  std::shared_ptr<T> value_;
};

}  // namespace onyx::replica
