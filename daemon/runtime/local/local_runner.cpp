#include "daemon/runtime/local/local_runner.h"

#include <algorithm>
#include <utility>

#include "daemon/plugins/seq/output_store.h"
#include "daemon/plugins/seq/seq_output.h"
#include "daemon/runtime/local/local_wiring.h"

namespace onyx::runtime {
namespace {

// xorshift64*: whose turn it is, from the seed alone.
class Turns {
 public:
  explicit Turns(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}
  std::size_t below(std::size_t bound) {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<std::size_t>((state_ * 0x2545f4914f6cdd1dull) >> 33) % bound;
  }

 private:
  std::uint64_t state_;
};

// One version of the job, from its first barrier to its end.
class LocalVersion {
 public:
  enum class Ended : std::uint8_t { completed, failed, stuck };

  LocalVersion(std::vector<LocalMachine> machines, ReplicaVersion version,
               const LocalSettings& settings, WakeBell& bell)
      : machines_(std::move(machines)),
        version_(version),
        settings_(settings),
        bell_(bell),
        turns_(settings.seed + static_cast<std::uint64_t>(version)) {}

  Ended run() {
    emit(0, false);
    while (machines_left() > 0) {
      if (!coordinate() && turn()) continue;
      if (failed_ != nullptr) return Ended::failed;
      if (idle_turns_ > kIdleTurnsMax * machines_.size() && !wait()) return Ended::stuck;
    }
    return Ended::completed;
  }

  void stop(const char* scheduler_event) {
    for (LocalMachine& one : machines_) one.machine->stop(scheduler_event);
  }

  const std::vector<LocalMachine>& machines() const { return machines_; }
  const LocalMachine* failed() const { return failed_; }

 private:
  // A machine has had its turn often enough in vain when each has been picked about this many times.
  static constexpr std::size_t kIdleTurnsMax = 16;

  std::size_t machines_left() const {
    return static_cast<std::size_t>(
        std::count_if(machines_.begin(), machines_.end(),
                      [](const LocalMachine& one) { return !one.has_ended; }));
  }

  // True when it sent something.
  bool coordinate() {
    if (is_published_ || !everyone_is_at(epoch_)) return false;
    if (is_sealing_) {
      for (LocalMachine& one : machines_) one.machine->publish(epoch_);
      is_published_ = true;
    } else if (all_drained()) {
      emit(epoch_ + 1, true);
    } else if (turns_since_barrier_ >= settings_.turns_per_barrier) {
      emit(epoch_ + 1, false);
    } else {
      return false;
    }
    idle_turns_ = 0;
    return true;
  }

  // One step of some machine; false when it had nothing to do.
  bool turn() {
    LocalMachine& one = machines_[turns_.below(machines_.size())];
    ++turns_since_barrier_;
    if (one.has_ended) {
      ++idle_turns_;
      return false;
    }
    switch (one.machine->step(now_)) {
      case task::Stepped::worked:
        idle_turns_ = 0;
        return true;
      case task::Stepped::waiting:
        ++idle_turns_;
        return false;
      case task::Stepped::ended:
        one.has_ended = true;
        idle_turns_ = 0;
        return true;
      case task::Stepped::failed:
        failed_ = &one;
        return false;
    }
    return false;
  }

  // Nothing can be done until the next barrier, which may let inputs read on; or until a time at which a machine wants to
  // be stepped, where the clock moves to; or until some plugin has more.
  bool wait() {
    idle_turns_ = 0;
    if (const std::uint64_t read = segments_read();
        !is_sealing_ && everyone_is_at(epoch_) && read != read_at_wait_) {
      read_at_wait_ = read;
      emit(epoch_ + 1, all_drained());
      return true;
    }
    std::optional<Instant> next;
    for (const LocalMachine& one : machines_) {
      const std::optional<Instant> at = one.has_ended ? std::nullopt : one.machine->wake_at();
      if (at.has_value() && *at > now_ && (!next.has_value() || *at < *next)) next = at;
    }
    if (next.has_value()) {
      if (*next - Instant{} > kVirtualTimeMax) return false;
      now_ = *next;
      return true;
    }
    return bell_.wait(settings_.patience);
  }

  static constexpr std::chrono::minutes kVirtualTimeMax{60};

  std::uint64_t segments_read() const {
    std::uint64_t read = 0;
    for (const LocalMachine& one : machines_) read += one.machine->counters().segments_in.load();
    return read;
  }

  void emit(Epoch epoch, bool is_sealing) {
    barrier::Barrier barrier;
    barrier.version = version_;
    barrier.epoch = epoch;
    barrier.sealing = is_sealing;
    for (LocalMachine& one : machines_) {
      if (one.is_source) one.machine->inject(barrier);
    }
    epoch_ = epoch;
    is_sealing_ = is_sealing;
    turns_since_barrier_ = 0;
  }

  bool everyone_is_at(Epoch epoch) const {
    return std::all_of(machines_.begin(), machines_.end(), [epoch](const LocalMachine& one) {
      return one.machine->status().epoch >= epoch;
    });
  }

  bool all_drained() const {
    return std::all_of(machines_.begin(), machines_.end(), [](const LocalMachine& one) {
      return !one.is_source || one.machine->status().drained;
    });
  }

  std::vector<LocalMachine> machines_;
  const ReplicaVersion version_;
  const LocalSettings& settings_;
  WakeBell& bell_;
  Turns turns_;
  Instant now_{};
  Epoch epoch_ = -1;
  bool is_sealing_ = false;
  bool is_published_ = false;
  int turns_since_barrier_ = 0;
  std::size_t idle_turns_ = 0;
  std::uint64_t read_at_wait_ = 0;
  const LocalMachine* failed_ = nullptr;
};

plugins::Registry with_own_outputs(const plugins::Registry& plugins,
                                   std::shared_ptr<plugins::OutputStore> store) {
  plugins::Registry own;
  plugins::PluginKind seq_output = plugins::seq_output_kind(std::move(store));
  for (const std::string& name : plugins.names()) {
    if (name != seq_output.name) own.add(*plugins.find(name));
  }
  own.add(std::move(seq_output));
  return own;
}

void count(const LocalVersion& version, LocalRun& run) {
  run.segments_in.clear();
  for (const LocalMachine& one : version.machines()) {
    const task::TaskCounters& counters = one.machine->counters();
    run.segments_in[one.task].push_back(counters.segments_in.load());
    run.dropped += counters.dropped_no_match + counters.dropped_none + counters.dropped_exceptions;
  }
}

}  // namespace

LocalRun run_local(const model::Job& job, const model::Plan& plan, const CompiledTasks& tasks,
                   const plugins::Registry& plugins, const LocalSettings& settings) {
  LocalRun run;
  auto store = std::make_shared<plugins::OutputStore>();
  const JobId id(job.id.empty() ? "00000000-0000-8000-8000-000000000000" : job.id);
  store->capture(id);
  const plugins::Registry own = with_own_outputs(plugins, store);
  WakeBell bell;
  for (ReplicaVersion number = 1;; ++number) {
    LocalVersion version(
        wire_locally(job, plan, tasks, own, settings, number, bell,
                     [&run](std::string line) { run.log.push_back(std::move(line)); }),
        number, settings, bell);
    const LocalVersion::Ended ended = version.run();
    count(version, run);
    if (ended == LocalVersion::Ended::failed) {
      run.failure = version.failed()->machine->failure();
      run.failed_task = version.failed()->task;
      if (run.failure->action == task::FailureAction::restart &&
          run.restarts < settings.restarts_max) {
        version.stop("peer-reallocated");
        ++run.restarts;
        continue;
      }
      run.ended = LocalRun::Ended::killed;
      version.stop("job-killed");
    } else if (ended == LocalVersion::Ended::completed) {
      run.ended = LocalRun::Ended::completed;
      run.failure.reset();
      version.stop("job-completed");
    } else {
      version.stop("job-killed");
    }
    break;
  }
  for (const TaskId& task : store->tasks(id))
    run.outputs[task.text()] = store->find(id, task)->read().segments;
  return run;
}

}  // namespace onyx::runtime
