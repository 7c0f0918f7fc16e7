// The machines of one job and the channels between them, for one replica version.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/concurrency/mutex.h"
#include "daemon/runtime/local/local_runner.h"

namespace onyx::runtime {

// Set from any thread when a plugin has something to do.
class WakeBell {
 public:
  void ring();
  // False when nobody rang in time. Forgets the ring.
  bool wait(std::chrono::milliseconds patience);

 private:
  concurrency::Mutex mutex_;
  concurrency::Condition rung_;
  bool has_rung_ ONYX_GUARDED_BY(mutex_) = false;
};

struct LocalMachine {
  TaskId task;
  SlotId slot = 0;
  bool is_source = false;
  bool has_ended = false;
  std::unique_ptr<task::TaskMachine> machine;
};

std::vector<LocalMachine> wire_locally(const model::Job& job, const model::Plan& plan,
                                       const CompiledTasks& tasks, const plugins::Registry& plugins,
                                       const LocalSettings& settings, ReplicaVersion version,
                                       WakeBell& bell, const std::function<void(std::string)>& log);

}  // namespace onyx::runtime
