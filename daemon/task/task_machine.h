// One task on one peer, as a machine that is stepped: it never blocks, sleeps or waits.
//
//            start()                 epoch-0 barrier              sealing barrier, outputs published
//   created ────────▶ starting ─────────────────────▶ running ─────────────────────────────▶ ended
//                        │                               │
//                        └───────── an exception ────────┴──▶ failed (with what to do: kill or restart)
//
// Shape:   the loop is data: a table of phases (phase_table.h), filtered once by the kind of task. step() runs phases until a
//          batch is through, or until nothing can be done now.
// Thread:  one worker at a time. status() may be read by any thread.
// Errors:  every failure, of a function, hook, plugin or predicate, ends as `failed` with the phase it happened in and the
//          action the lifecycle handlers chose.
// Source:  Onyx task_lifecycle; docs/design/dataflow.md.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/edn/value.h"
#include "daemon/messaging/messenger.h"
#include "daemon/plugins/plugin.h"
#include "daemon/plugins/registry.h"

namespace onyx::lang {
class Yield;
}

namespace onyx::task {

class CompiledTask;  // compiled once per job and daemon, shared by its peers: task_compile.h
struct MachineState;

// What one call of step() came to.
enum class Stepped : std::uint8_t {
  worked,   // did something; call again, there may be more
  waiting,  // nothing to do until woken (data, room, a barrier, a plugin)
  ended,    // sealed and published; never step again
  failed,   // see failure()
};

enum class FailureAction : std::uint8_t { kill, restart };

struct Failure {
  FailureAction action = FailureAction::kill;
  std::string phase;  // "lifecycle/apply-fn" …
  std::string message;
  edn::Value data;   // ex-data, with :offending-task, :offending-segment where they apply
  std::string text;  // for people: with position and context
};

// What the machine reports towards the job's coordinator; each time one of them changes, `report` is called.
struct TaskStatus {
  Epoch epoch = -1;        // last barrier aligned, synced and passed on
  bool drained = false;    // the input has ended and everything read is passed on
  bool sealed = false;     // the sealing barrier has passed
  bool published = false;  // checkpointed(sealing epoch) has been done by the plugins
};

// Counters read by other threads.
struct TaskCounters {
  std::atomic<std::uint64_t> segments_in{0};
  std::atomic<std::uint64_t> segments_out{0};
  std::atomic<std::uint64_t> batches{0};
  std::atomic<std::uint64_t> dropped_no_match{0};    // no flow condition was true
  std::atomic<std::uint64_t> dropped_none{0};        // `:flow/to :none`
  std::atomic<std::uint64_t> dropped_exceptions{0};  // D13
};

// What the machine is given.
struct TaskEnvironment {
  std::string tenancy;
  JobId job;
  PeerId peer;
  SlotId slot = 0;
  SlotId slots = 1;
  ReplicaVersion version = -1;
  edn::Value peer_config;  // for fn-params and the event map
  std::vector<std::string> file_roots;
  std::function<bool()> may_act;  // as plugins::PluginContext has it
  const plugins::Registry* plugins = nullptr;
  std::unique_ptr<messaging::Subscriber> subscriber;  // none on an input task
  std::vector<std::unique_ptr<messaging::Publisher>>
      publishers;  // one per downstream task, in CompiledTask::egress order
  // At most this many segments are read at once, however large the batch size: what a fused chain hands from task to task
  // should still be in the cache.
  std::size_t read_limit = SIZE_MAX;
  lang::Yield* yield = nullptr;                   // where long evaluations are suspended
  std::function<void()> wake;                     // any thread
  std::function<void(const TaskStatus&)> report;  // on the worker
  std::function<void(std::string)> log;           // the task's log, a line
};

class TaskMachine {
 public:
  TaskMachine(std::shared_ptr<const CompiledTask> compiled, TaskEnvironment environment);
  ~TaskMachine();

  // Runs until a batch is through or nothing can be done. `now` is only used for time limits of the task itself.
  Stepped step(Instant now);

  // When it wants to be stepped although nobody wakes it (a start-task? hook said no); asked after `waiting`.
  std::optional<Instant> wake_at() const;

  // An input task is told of barriers directly, by the job's coordinator, in order.
  void inject(const barrier::Barrier& barrier);
  // The coordinator says that this epoch is complete for the whole job: publish.
  void publish(Epoch epoch);
  // Stops plugins, runs after-task-stop hooks with the reason (:peer-reallocated, :job-killed, :job-completed, :peer-left).
  // Idempotent.
  void stop(const std::string& scheduler_event);

  TaskStatus status() const;
  const TaskCounters& counters() const;
  const std::optional<Failure>& failure() const;
  plugins::Progress progress() const;  // of the input or output plugin; any thread
  // The phase it has come to on its way to the first batch, "lifecycle/start-task?"; empty from then on. Any thread.
  std::string_view starting_in() const;

 private:
  std::unique_ptr<MachineState> state_;
};

}  // namespace onyx::task
