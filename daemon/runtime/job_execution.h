// One job at one replica version, on the peers of this daemon: its tasks, the channels between them, its coordinator if it is here.
//
//            start()             all sealed and published             stop(), also on its own failure
//   built ─────────▶ running ─────────────────────────▶ completed ─────────────┐
//                       └──────────────────────────────────────────────────────┴─▶ stopped
//
// Shape:   a change of the job's allocation ends this object and makes another (D39: the job starts over), so nothing in it
//          changes its place. Neighbouring tasks with one peer each, the second with no other upstream, are fused into one
//          strand.
//          The segments of a colocated job stay on their machine, but for those to a grouped task: a group has one slot, wherever
//          that is.
// Thread:  start() and stop() by the launcher's thread, the callbacks on workers; tasks() and report() by any.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/ids.h"
#include "daemon/barrier/coordinator.h"
#include "daemon/plugins/registry.h"
#include "daemon/runtime/compiled_job.h"
#include "daemon/runtime/coordinator_strand.h"
#include "daemon/runtime/job_links.h"
#include "daemon/runtime/task_strand.h"
#include "daemon/runtime/workers.h"

namespace onyx::runtime {

// Where the peers of a job are, and its coordinator.
struct JobPlacement {
  std::vector<Seat> seats;      // all of the job's, by task and slot
  messaging::Site coordinator;  // none: here
};

struct ExecutionSettings {
  std::string tenancy;
  edn::Value peer_config;
  std::vector<std::string> file_roots;
  std::chrono::milliseconds barrier_period{1000};
  FencePtr fence;  // of the session; none: it is never closed
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
  std::function<void(Epoch sealing)> completed;    // where the coordinator is
  std::function<void()> stopped;
  std::function<void(std::string_view task, std::string line)> log;
};

// Sums over the peers of a task.
struct TaskProgress {
  TaskId task;
  std::int32_t peers = 0;
  std::int32_t starting = 0;  // of these, that have not come to their first batch
  std::string starting_in;    // the phase of one of them, "lifecycle/start-task?"
  std::uint64_t segments_in = 0;
  std::uint64_t segments_out = 0;
  std::uint64_t dropped = 0;
  std::uint64_t busy_ns = 0;
  plugins::Progress plugin;
};

// What the peers of one daemon have done for a job under one allocation.
struct JobReport {
  ReplicaVersion version = -1;
  std::vector<TaskProgress> tasks;  // those without peers here too
};

class JobExecution {
 public:
  // `transport` may be null when everything is here; else it outlives this.
  JobExecution(std::shared_ptr<const CompiledJob> job, JobId id, ReplicaVersion version,
               JobPlacement placement, const ExecutionSettings& settings,
               const plugins::Registry& plugins, Workers& workers, messaging::Transport* transport,
               ExecutionCallbacks callbacks);
  ~JobExecution();  // after `stopped`

  void start();
  // Idempotent; `stopped` is called once everything has stopped.
  void stop(const std::string& scheduler_event);

  const JobId& id() const { return id_; }
  ReplicaVersion version() const { return version_; }
  std::vector<TaskProgress> tasks() const;
  JobReport report() const { return {version_, tasks()}; }

 private:
  void build(const ExecutionSettings& settings, const plugins::Registry& plugins,
             messaging::Transport* transport);
  void link(messaging::Transport* transport);
  void build_coordinator(const ExecutionSettings& settings);
  void report(const Seat& seat, const task::TaskStatus& status);
  void fail(const TaskId& task, const PeerId& peer, const task::Failure& what);
  void one_stopped();

  const std::shared_ptr<const CompiledJob> job_;
  const JobId id_;
  const ReplicaVersion version_;
  const JobPlacement placement_;
  Workers& workers_;
  const ExecutionCallbacks callbacks_;
  std::vector<std::shared_ptr<TaskStrand>> strands_;
  std::map<std::pair<TaskId, SlotId>, std::size_t> numbers_;  // of the peers, inputs first
  std::size_t inputs_ = 0;
  std::shared_ptr<CoordinatorStrand> coordinator_;  // null: elsewhere
  std::atomic<std::size_t> to_stop_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> has_failed_{false};
  std::unique_ptr<JobLinks> links_;  // goes first: its threads call the rest
};

}  // namespace onyx::runtime
