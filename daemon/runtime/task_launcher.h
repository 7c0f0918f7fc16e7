// Starts and stops the executions of jobs on this daemon, off the group's thread: reading a job from the store, compiling it
// and stopping its plugins may take a while.
//
// Shape:   per job at most one execution; the next version starts when the last one has stopped. Compiled jobs are kept while the
//          job lives.
// Thread:  one of its own. The calls only enqueue; snapshots may be read by any thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/ids.h"
#include "daemon/cluster/cluster.h"
#include "daemon/concurrency/bounded_queue.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/runtime/job_execution.h"

namespace onyx::runtime {

class TaskLauncher {
 public:
  struct Callbacks {
    std::function<void(const TaskFailure&)> failed;  // a task, or starting the job (task id empty)
    std::function<void(const JobId&, ReplicaVersion, Epoch)> completed;
    std::function<void(const JobId&, std::string_view task, std::string line)> log;
  };

  TaskLauncher(ExecutionSettings settings, CompileContext context, cluster::JobStore& jobs,
               const plugins::Registry& plugins, Workers& workers, messaging::Transport* transport,
               Callbacks callbacks);
  ~TaskLauncher();  // close()

  // Spares the launcher from compiling again what the service has compiled at submit. What is known of the id stays.
  void remember(const JobId& id, std::shared_ptr<const CompiledJob> job);
  // The store has refused what was remembered.
  void take_back(const JobId& id, const std::shared_ptr<const CompiledJob>& job);

  void start(const JobId& id, ReplicaVersion version, JobPlacement placement);
  // What runs of it is stopped with this scheduler event.
  void stop(const JobId& id, const std::string& scheduler_event);
  // The job has ended: its compiled form is dropped, its last progress kept for a while.
  void forget(const JobId& id);
  // Stops everything, waits until it has stopped, and ends the thread.
  void close(const std::string& scheduler_event);

  // Progress of the running execution, or of the last one. None when there was none here.
  std::optional<JobReport> report(const JobId& id) const;
  std::shared_ptr<const CompiledJob> compiled(const JobId& id) const;
  std::size_t jobs_kept() const;

 private:
  struct Start {
    JobId id;
    ReplicaVersion version;
    JobPlacement placement;
  };
  struct Stop {
    JobId id;
    std::string event;
  };
  struct Stopped {
    JobId id;
  };
  struct Forget {
    JobId id;
  };
  struct Close {
    std::string event;
  };
  using Action = std::variant<Start, Stop, Stopped, Forget, Close>;

  struct Entry {
    std::shared_ptr<const CompiledJob> compiled;
    bool is_of_store =
        false;  // `compiled` is what the store has under this id, which never changes
    std::shared_ptr<JobExecution> running;
    std::optional<Start> next;      // when `running` has stopped
    std::optional<JobReport> last;  // of the last execution that has stopped
    bool has_ended = false;
  };

  void work();
  void begin(const Start& start);
  void finished_one(const JobId& id);
  Result<std::shared_ptr<const CompiledJob>> load(const JobId& id);
  void keep(const JobId& id, const std::shared_ptr<const CompiledJob>& job);
  void trim();

  const ExecutionSettings settings_;
  const CompileContext context_;
  cluster::JobStore& jobs_;
  const plugins::Registry& plugins_;
  Workers& workers_;
  messaging::Transport* const transport_;  // null: everything is here
  const Callbacks callbacks_;

  mutable std::mutex mutex_;
  std::map<JobId, Entry> entries_;  // guarded by mutex_
  std::deque<JobId> ended_;         // guarded by mutex_; oldest first, so that few are kept
  concurrency::BoundedQueue<Action> queue_{100'000};
  concurrency::NamedThread thread_;
};

}  // namespace onyx::runtime
