// A thread with a name (as `ps -L` and the debugger show it) that is joined when its owner goes.
//
// Thread:  owned by one thread. Whoever owns it makes the body end first: close its queue, set its
//          flag.
#pragma once

#include <string>
#include <thread>
#include <utility>

namespace onyx::concurrency {

// Names the calling thread; the kernel keeps the first 15 bytes.
void name_this_thread(const std::string& name);

class NamedThread {
 public:
  NamedThread() = default;

  template <class Body>
  NamedThread(std::string name, Body body)
      : thread_([name = std::move(name), body = std::move(body)]() mutable {
          name_this_thread(name);
          body();
        }) {}

  ~NamedThread() { join(); }
  NamedThread(NamedThread&&) = default;
  NamedThread& operator=(NamedThread&& other) noexcept {
    join();
    thread_ = std::move(other.thread_);
    return *this;
  }

  // Does nothing when there is no thread or it was joined before.
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  bool is_current() const { return thread_.get_id() == std::this_thread::get_id(); }

 private:
  std::thread thread_;
};

}  // namespace onyx::concurrency
