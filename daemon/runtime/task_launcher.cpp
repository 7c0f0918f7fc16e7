#include "daemon/runtime/task_launcher.h"

#include <algorithm>

#include "common/base/cases.h"
#include "daemon/cluster/job_store.h"

namespace onyx::runtime {

namespace {

// Jobs that have ended whose progress can still be asked for.
constexpr std::size_t kEndedJobsKept = 1'000;

TaskFailure start_failure(const JobId& id, ReplicaVersion version, const std::string& message) {
  TaskFailure failure;
  failure.job = id;
  failure.version = version;
  failure.failure.phase = "lifecycle/compiling";
  failure.failure.message = message;
  failure.failure.text = message;
  return failure;
}

}  // namespace

TaskLauncher::TaskLauncher(ExecutionSettings settings, CompileContext context,
                           cluster::JobStore& jobs, const plugins::Registry& plugins,
                           Workers& workers, messaging::Transport* transport, Callbacks callbacks)
    : settings_(std::move(settings)),
      context_(std::move(context)),
      jobs_(jobs),
      plugins_(plugins),
      workers_(workers),
      transport_(transport),
      callbacks_(std::move(callbacks)),
      thread_("launcher", [this] { work(); }) {}

TaskLauncher::~TaskLauncher() { close("peer-left"); }

void TaskLauncher::remember(const JobId& id, std::shared_ptr<const CompiledJob> job) {
  std::lock_guard lock(mutex_);
  Entry& entry = entries_[id];
  if (entry.compiled == nullptr) entry.compiled = std::move(job);
}

void TaskLauncher::take_back(const JobId& id, const std::shared_ptr<const CompiledJob>& job) {
  std::lock_guard lock(mutex_);
  const auto it = entries_.find(id);
  if (it == entries_.end() || it->second.compiled != job || it->second.is_of_store) return;
  it->second.compiled.reset();
  const bool is_new = it->second.running == nullptr && !it->second.has_ended;
  if (is_new) entries_.erase(it);
}

void TaskLauncher::start(const JobId& id, ReplicaVersion version, JobPlacement placement) {
  queue_.push(Start{id, version, std::move(placement)});
}

void TaskLauncher::stop(const JobId& id, const std::string& event) { queue_.push(Stop{id, event}); }

void TaskLauncher::forget(const JobId& id) { queue_.push(Forget{id}); }

void TaskLauncher::close(const std::string& event) {
  queue_.push(Close{event});
  thread_.join();
}

void TaskLauncher::work() {
  std::optional<std::string> closing;
  for (;;) {
    if (closing.has_value()) {
      std::lock_guard lock(mutex_);
      const bool is_idle = std::all_of(entries_.begin(), entries_.end(),
                                       [](const auto& e) { return e.second.running == nullptr; });
      if (is_idle) {
        queue_.close();
        return;
      }
    }
    auto action = queue_.pop();
    if (!action.has_value()) return;
    std::visit(Cases{
                   [&](Start& start) {
                     if (!closing.has_value()) begin(start);
                   },
                   [&](Stop& stop) {
                     std::shared_ptr<JobExecution> running;
                     {
                       std::lock_guard lock(mutex_);
                       if (auto it = entries_.find(stop.id); it != entries_.end()) {
                         it->second.next.reset();
                         running = it->second.running;
                       }
                     }
                     if (running != nullptr) running->stop(stop.event);
                   },
                   [&](Stopped& stopped) { finished_one(stopped.id); },
                   [&](Forget& forget) {
                     std::lock_guard lock(mutex_);
                     Entry& entry = entries_[forget.id];
                     entry.compiled.reset();
                     entry.is_of_store = false;
                     if (!std::exchange(entry.has_ended, true)) ended_.push_back(forget.id);
                     trim();
                   },
                   [&](Close& close) {
                     closing = close.event;
                     std::vector<std::shared_ptr<JobExecution>> running;
                     {
                       std::lock_guard lock(mutex_);
                       for (auto& [id, entry] : entries_) {
                         entry.next.reset();
                         if (entry.running != nullptr) running.push_back(entry.running);
                       }
                     }
                     for (auto& execution : running) execution->stop(close.event);
                   },
               },
               *action);
  }
}

void TaskLauncher::trim() {
  // One that still stops goes later: the oldest of those that have stopped goes instead.
  for (auto it = ended_.begin(); ended_.size() > kEndedJobsKept && it != ended_.end();) {
    auto entry = entries_.find(*it);
    if (entry != entries_.end() && entry->second.running != nullptr) {
      ++it;
      continue;
    }
    if (entry != entries_.end()) entries_.erase(entry);
    it = ended_.erase(it);
  }
}

void TaskLauncher::begin(const Start& start) {
  {
    std::unique_lock lock(mutex_);
    Entry& entry = entries_[start.id];
    if (entry.running != nullptr) {
      entry.next = start;
      auto running = entry.running;
      lock.unlock();
      running->stop("peer-reallocated");
      return;
    }
  }
  auto compiled = load(start.id);
  if (!compiled.has_value()) {
    callbacks_.failed(start_failure(start.id, start.version, compiled.error().text()));
    return;
  }
  ExecutionCallbacks callbacks;
  callbacks.failed = callbacks_.failed;
  callbacks.completed = [this, id = start.id, version = start.version](Epoch epoch) {
    callbacks_.completed(id, version, epoch);
  };
  callbacks.stopped = [this, id = start.id] { queue_.push(Stopped{id}); };
  callbacks.log = [this, id = start.id](std::string_view task, std::string line) {
    callbacks_.log(id, task, std::move(line));
  };
  auto execution =
      std::make_shared<JobExecution>(*compiled, start.id, start.version, start.placement, settings_,
                                     plugins_, workers_, transport_, std::move(callbacks));
  {
    std::lock_guard lock(mutex_);
    entries_[start.id].running = execution;
  }
  execution->start();
}

void TaskLauncher::finished_one(const JobId& id) {
  std::shared_ptr<JobExecution> stopped;
  std::optional<Start> next;
  {
    std::lock_guard lock(mutex_);
    Entry& entry = entries_[id];
    stopped = std::move(entry.running);
    entry.running = nullptr;
    next = std::exchange(entry.next, std::nullopt);
    if (stopped != nullptr) entry.last = stopped->report();
  }
  stopped.reset();
  if (next.has_value()) begin(*next);
}

Result<std::shared_ptr<const CompiledJob>> TaskLauncher::load(const JobId& id) {
  std::shared_ptr<const CompiledJob> known;
  {
    std::lock_guard lock(mutex_);
    const Entry& entry = entries_[id];
    known = entry.compiled;
    if (known != nullptr && entry.is_of_store) return known;
  }
  // What was remembered at a submission that the store refused is another job under the same id: the store decides, once.
  if (known != nullptr) {
    ONYX_ASSIGN_OR_RETURN(const auto hash, jobs_.hash(id));
    if (!hash.has_value()) return known;
    if (*hash == known->hash) {
      keep(id, known);
      return known;
    }
  }
  ONYX_ASSIGN_OR_RETURN(const auto text, jobs_.get(id, "source"));
  if (!text.has_value()) {
    return failure(ErrorCode::not_found, "the job store has no source for job " + id.text());
  }
  ONYX_ASSIGN_OR_RETURN(auto source, JobSource::decode(*text));
  auto job = compile_job(std::move(source), context_);
  if (!job.has_value()) {
    std::string text_of_all = "this daemon cannot compile the job";
    for (const auto& diagnostic : job.error()) {
      if (diagnostic.severity == edn::Severity::error) text_of_all += "; " + diagnostic.message;
    }
    return failure(ErrorCode::failed_precondition, std::move(text_of_all));
  }
  keep(id, *job);
  return *job;
}

void TaskLauncher::keep(const JobId& id, const std::shared_ptr<const CompiledJob>& job) {
  std::lock_guard lock(mutex_);
  Entry& entry = entries_[id];
  entry.compiled = job;
  entry.is_of_store = true;
}

std::optional<JobReport> TaskLauncher::report(const JobId& id) const {
  std::shared_ptr<JobExecution> running;
  {
    std::lock_guard lock(mutex_);
    auto it = entries_.find(id);
    if (it == entries_.end()) return std::nullopt;
    if (it->second.running == nullptr) return it->second.last;
    running = it->second.running;
  }
  return running->report();
}

std::size_t TaskLauncher::jobs_kept() const {
  std::lock_guard lock(mutex_);
  return entries_.size();
}

std::shared_ptr<const CompiledJob> TaskLauncher::compiled(const JobId& id) const {
  std::lock_guard lock(mutex_);
  auto it = entries_.find(id);
  return it == entries_.end() ? nullptr : it->second.compiled;
}

}  // namespace onyx::runtime
