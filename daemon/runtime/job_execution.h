// One job at one replica version, on the peers of this daemon: its tasks, the channels between them, its coordinator.
//
//            start()             all sealed and published             stop(), also on its own failure
//   built ─────────▶ running ─────────────────────────▶ completed ─────────────┐
//                       └──────────────────────────────────────────────────────┴─▶ stopped
//
// Shape:   a change of the job's allocation ends this object and makes another (D39: the job starts over), so nothing in it
//          changes its place. Neighbouring tasks with one peer each, the second with no other upstream, are fused into one
//          strand.
// Thread:  start() and stop() by the launcher's thread, the callbacks on workers; tasks() by any.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "daemon/barrier/coordinator.h"
#include "daemon/plugins/registry.h"
#include "daemon/runtime/compiled_job.h"
#include "daemon/runtime/coordinator_strand.h"
#include "daemon/runtime/task_strand.h"
#include "daemon/runtime/workers.h"

namespace onyx::runtime {

struct Seat {
  TaskId task;
  SlotId slot = 0;
  PeerId peer;
};

struct ExecutionSettings {
  std::string tenancy;
  edn::Value peer_config;
  std::vector<std::string> file_roots;
  std::chrono::milliseconds barrier_period{1000};
};

// What failed where; the group turns it into a kill-job or restart-job entry.
struct TaskFailure {
  JobId job;
  ReplicaVersion version = -1;
  TaskId task;
  PeerId peer;
  task::Failure failure;
};

struct ExecutionCallbacks {
  std::function<void(const TaskFailure&)> failed;  // the first failure only
  std::function<void(Epoch sealing)> completed;
  std::function<void()> stopped;
  std::function<void(std::string_view task, std::string line)> log;
};

// Sums over the peers of a task.
struct TaskProgress {
  TaskId task;
  std::int32_t peers = 0;
  std::uint64_t segments_in = 0;
  std::uint64_t segments_out = 0;
  std::uint64_t dropped = 0;
  std::uint64_t busy_ns = 0;
  plugins::Progress plugin;
};

class JobExecution {
 public:
  // `seats` are all of the job's, ordered by task and slot.
  JobExecution(std::shared_ptr<const CompiledJob> job, JobId id, ReplicaVersion version,
               std::vector<Seat> seats, const ExecutionSettings& settings,
               const plugins::Registry& plugins, Workers& workers, ExecutionCallbacks callbacks);
  ~JobExecution();  // after `stopped`

  void start();
  // Idempotent; `stopped` is called once everything has stopped.
  void stop(const std::string& scheduler_event);

  const JobId& id() const { return id_; }
  ReplicaVersion version() const { return version_; }
  std::vector<TaskProgress> tasks() const;

 private:
  void build(const ExecutionSettings& settings, const plugins::Registry& plugins);
  void one_stopped();

  const std::shared_ptr<const CompiledJob> job_;
  const JobId id_;
  const ReplicaVersion version_;
  const std::vector<Seat> seats_;
  Workers& workers_;
  const ExecutionCallbacks callbacks_;
  std::vector<std::shared_ptr<TaskStrand>> strands_;
  std::shared_ptr<CoordinatorStrand> coordinator_;
  std::atomic<std::size_t> to_stop_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> has_failed_{false};
};

}  // namespace onyx::runtime
