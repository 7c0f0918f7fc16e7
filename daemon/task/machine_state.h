// What the phases of a task work on.
//
// Invariants: -1 <= status.epoch; a barrier that is `pending` has epoch status.epoch + 1. While `is_batch_open`, the event map
//             is that of the iteration, before-batch hooks have run, and `batch` holds what has been read of it.
// Thread:     the worker that steps the task; status and progress have their own rules (task_machine.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "daemon/concurrency/mutex.h"
#include "daemon/dataflow/router.h"
#include "daemon/dataflow/transform.h"
#include "daemon/messaging/messenger.h"
#include "daemon/plugins/plugin.h"
#include "daemon/task/lifecycles.h"
#include "daemon/task/messenger_output.h"
#include "daemon/task/phase.h"
#include "daemon/task/phase_table.h"
#include "daemon/task/task_compile.h"
#include "daemon/task/task_evaluator.h"
#include "daemon/task/task_machine.h"

namespace onyx::task {

struct MachineState {
  MachineState(std::shared_ptr<const CompiledTask> compiled, TaskEnvironment environment_of_task);

  bool is_source() const { return task->kind == TaskKind::source; }
  bool is_sink() const { return task->kind == TaskKind::sink; }
  // What the plugins and the log are told of where they run.
  plugins::PluginContext plugin_context() const;
  void report() const { environment.report(status()); }
  TaskStatus status() const;
  void set_status(const TaskStatus& changed);
  // The tables of one kind of task agree up to the end of the recover phases.
  void use_table(const PhaseTable& table);

  std::shared_ptr<const CompiledTask> task;
  TaskEnvironment environment;

  // Made when the task starts.
  TaskEvaluator evaluator;
  Lifecycles lifecycles;
  edn::Value initial_event;  // what before-task-start hooks left
  std::vector<edn::Value> params;
  std::optional<dataflow::Transform> transform;
  std::optional<dataflow::Router> router;    // with successors
  std::optional<MessengerOutput> messenger;  // with successors
  std::unique_ptr<plugins::Input> input;     // source
  std::unique_ptr<plugins::Output> output;   // sink
  std::atomic<const plugins::Input*> input_to_watch{
      nullptr};  // for progress(), once it has started
  std::atomic<const plugins::Output*> output_to_watch{nullptr};
  bool has_started = false;  // plugins are there, so hooks and plugins are to be stopped

  // The loop.
  const std::vector<Phase>* phases = nullptr;
  std::size_t phase = 0;
  std::size_t iteration_begin = 0;
  std::size_t batch_begin = 0;
  Instant now{};
  std::optional<Instant> wake_at;
  bool has_worked = false;                                    // in this step
  bool is_starting = true;                                    // has not come to the first iteration
  std::atomic<const std::string_view*> starting_in{nullptr};  // the phase it is in meanwhile

  // Barriers.
  std::deque<barrier::Barrier> injected;    // source: from the coordinator, in order
  std::optional<barrier::Barrier> pending;  // aligned, not yet passed on
  std::optional<Epoch> to_publish;
  std::size_t segments_since_barrier = 0;  // source
  bool has_input_ended = false;            // source: nothing will ever come again
  bool is_sealed = false;
  bool is_ended = false;
  bool is_stopped = false;

  // The batch.
  bool is_batch_open = false;
  std::uint64_t iterations = 0;
  edn::Value event;
  std::vector<edn::Value> batch;
  dataflow::Results results;
  std::vector<dataflow::Routed> routed;
  std::vector<edn::Value> write_batch;  // sink

  TaskCounters counters;
  std::optional<Failure> failure;

 private:
  mutable concurrency::Mutex status_mutex_;
  TaskStatus status_ ONYX_GUARDED_BY(status_mutex_);
};

// Plus on a counter that only this thread writes.
inline void add(std::atomic<std::uint64_t>& counter, std::uint64_t more) {
  if (more != 0)
    counter.store(counter.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
}

}  // namespace onyx::task
