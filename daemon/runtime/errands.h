// A thread for calls that may block (ZooKeeper, mostly) and whose order among each other matters, but which nobody waits for.
//
// Thread:  post() from any thread. close() carries out what waits, then ends.
#pragma once

#include <functional>

#include "daemon/concurrency/bounded_queue.h"
#include "daemon/concurrency/named_thread.h"

namespace onyx::runtime {

class Errands {
 public:
  Errands()
      : thread_("errands", [this] {
          while (auto errand = queue_.pop()) (*errand)();
        }) {}
  ~Errands() { close(); }

  bool post(std::function<void()> errand) { return queue_.push(std::move(errand)); }
  void close() {
    queue_.close();
    thread_.join();
  }

 private:
  concurrency::BoundedQueue<std::function<void()>> queue_{10'000};
  concurrency::NamedThread thread_;
};

}  // namespace onyx::runtime
