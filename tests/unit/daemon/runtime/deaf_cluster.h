// A cluster whose log can be withheld from whoever follows it.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "tests/unit/daemon/runtime/forwarding_cluster.h"

namespace onyx::runtime {

// Whose group hears nothing of the log while it is deaf.
class DeafCluster final : public ForwardingCluster {
 public:
  class Ears {
   public:
    void set_deaf(bool is_deaf) {
      const std::lock_guard lock(mutex_);
      is_deaf_ = is_deaf;
      changed_.notify_all();
    }
    void listen() {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !is_deaf_; });
    }

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_deaf_ = false;
  };
  DeafCluster(std::unique_ptr<cluster::Cluster> inner, Ears& ears)
      : ForwardingCluster(std::move(inner)), ears_(ears) {}

  std::unique_ptr<cluster::Follower> follow(
      Position from, std::function<void(cluster::LogEvent)> on_event) override {
    return ForwardingCluster::follow(
        from, [&ears = ears_, on_event = std::move(on_event)](cluster::LogEvent event) {
          ears.listen();
          on_event(std::move(event));
        });
  }

 private:
  Ears& ears_;
};

}  // namespace onyx::runtime
