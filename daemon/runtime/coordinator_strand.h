// Runs the coordinator of one job, barrier::step, on a worker: reports in, barriers out.
//
// Shape:   every peer of the job reports to it directly. When the sealing barrier is through, everyone is told to publish, and
//          when everyone has, the job is complete.
// Thread:  run() on one worker at a time; report() and post_stop() from any thread.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "common/base/ids.h"
#include "daemon/barrier/coordinator.h"
#include "daemon/messaging/messenger.h"
#include "daemon/runtime/held.h"
#include "daemon/runtime/strand.h"
#include "daemon/task/task_machine.h"

namespace onyx::runtime {

class CoordinatorStrand final : public Strand {
 public:
  struct Hooks {
    std::function<void(const barrier::Barrier&)> emit;  // to every input peer
    std::function<void(Epoch)> publish;                 // to every peer
    std::function<void(Epoch)> complete;                // the job is complete and published
    std::function<void()> stopped;
  };

  // Members 0 … inputs-1 are the peers of input tasks.
  CoordinatorStrand(ReplicaVersion version, std::size_t members, std::size_t inputs,
                    barrier::CoordinatorSettings settings, Hooks hooks, FencePtr fence = nullptr);

  Ran run(Instant slice_end) override;
  std::optional<Instant> wake_at() const override { return wake_at_; }

  void report(std::size_t member, const task::TaskStatus& status);
  void post_stop();

 private:
  void feed(const barrier::CoordinatorEvent& event, Instant now);
  void feed_reports(Instant now);

  const ReplicaVersion version_;
  const std::size_t inputs_;
  const Hooks hooks_;
  const FencePtr fence_;  // closed: no barrier goes out and nothing is published
  barrier::CoordinatorState state_;
  std::vector<task::TaskStatus> statuses_;  // as the machine has seen them
  bool has_started_ = false;
  std::optional<Epoch> sealing_epoch_;  // through everywhere: being published
  bool has_completed_ = false;
  std::optional<Instant> wake_at_;

  std::mutex mutex_;
  std::vector<task::TaskStatus> reported_;  // guarded by mutex_
  bool stopping_ = false;                   // guarded by mutex_
};

}  // namespace onyx::runtime
