// A Backend that answers from values and remembers what it was asked.
//
// Thread:  any; the values are set before the server starts or through the publish functions.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "daemon/service/backend.h"

namespace onyx::service {

class FakeBackend final : public Backend {
 public:
  std::vector<JobView> jobs;
  std::map<std::string, WhyView> whys;        // by job id
  std::map<std::string, OutputView> outputs;  // by job id
  std::vector<GroupView> groups;
  std::map<std::string, GroupDetailView> details;  // by group id
  ClusterView whole;
  std::vector<PeerView> peers;
  LogView log;
  VersionView identity;
  GcView collected;
  GcView collectable;               // what a dry run says
  std::atomic<int> collections{0};  // those that were no dry run
  std::string replica_edn = "{:jobs []}";
  std::vector<ReplicaChangeView> changes;
  EntryView shown;
  std::optional<Refusal> refusal;  // of validate, submit, run_case, replica, diff, show
  SubmitView submitted;
  SimulationView simulation;
  std::vector<SimulationStep> simulated;  // what was asked last
  std::function<CaseView(const CaseRequest&)> on_case;
  bool is_throwing = false;
  std::function<void(const Call&)> on_kill;  // before it answers

  std::vector<SubmitRequest> submissions;
  std::vector<std::string> kill_reasons;

  Answer<std::vector<edn::Diagnostic>> validate(const Source&,
                                                const std::vector<Source>&) override {
    if (refusal) return refusal->diagnostics;
    return std::vector<edn::Diagnostic>{};
  }

  Answer<SubmitView> submit(const SubmitRequest& request, const Call&) override {
    const std::lock_guard lock(mutex_);
    submissions.push_back(request);
    if (is_throwing) throw std::runtime_error("thrown on purpose");
    if (refusal) return tl::unexpected<Refusal>(*refusal);
    return submitted;
  }

  Answer<KillView> kill(const JobId& id, const std::string& reason, const Call& call) override {
    if (on_kill) on_kill(call);
    const std::lock_guard lock(mutex_);
    kill_reasons.push_back(reason);
    for (JobView& job : jobs) {
      if (job.ref.id != id) continue;
      KillView view{job.ref, job.ref.state, -1, 0};
      if (is_ended(job.ref.state)) return view;
      job.ref.state = JobState::killed;
      view.job = job.ref;
      view.position = 431;
      for (const TaskView& task : job.tasks) view.peers_released += task.peers;
      return view;
    }
    return failure(ErrorCode::not_found, "no such job");
  }

  std::vector<JobRef> job_refs() override {
    const std::lock_guard lock(mutex_);
    std::vector<JobRef> refs;
    for (const JobView& job : jobs) refs.push_back(job.ref);
    return refs;
  }

  Answer<JobView> get_job(const JobId& id) override {
    const std::lock_guard lock(mutex_);
    for (const JobView& job : jobs) {
      if (job.ref.id == id) return job;
    }
    return failure(ErrorCode::not_found, "no such job");
  }

  std::vector<JobView> list_jobs() override {
    const std::lock_guard lock(mutex_);
    return jobs;
  }

  Answer<WhyView> why(const JobId& id) override { return whys.at(id.text()); }

  Answer<OutputView> job_output(const JobId& id, const std::string& task,
                                std::uint32_t limit) override {
    const auto it = outputs.find(id.text());
    if (it == outputs.end() || (!task.empty() && task != it->second.task)) {
      return failure(ErrorCode::not_found, "the job has no seq output `" + task + "`");
    }
    OutputView view = it->second;
    if (limit > 0 && view.segments_edn.size() > limit) {
      view.segments_edn.erase(view.segments_edn.begin(), view.segments_edn.end() - limit);
    }
    return view;
  }

  Answer<std::unique_ptr<Subscription>> watch_job(const JobId& id,
                                                  std::function<void(JobView)> on_view) override {
    ONYX_ASSIGN_OR_RETURN(const JobView now, get_job(id));
    return job_watchers_.add(
        [id, on_view](const JobView& view) {
          if (view.ref.id == id) on_view(view);
        },
        now);
  }

  // Changes the job and tells its watchers.
  void publish(const JobView& view) {
    {
      const std::lock_guard lock(mutex_);
      for (JobView& job : jobs) {
        if (job.ref.id == view.ref.id) job = view;
      }
    }
    job_watchers_.call(view);
  }

  Answer<CaseView> run_case(const CaseRequest& request, const Call&) override {
    if (refusal) return tl::unexpected<Refusal>(*refusal);
    return on_case(request);
  }

  VersionView version() override { return identity; }
  ClusterView cluster() override { return whole; }
  std::vector<GroupView> list_groups() override { return groups; }
  Answer<GroupDetailView> get_group(const GroupId& id) override { return details.at(id.text()); }
  std::vector<PeerView> list_peers() override { return peers; }

  Answer<AddPeersView> add_peers(std::int32_t count, const Call&) override {
    AddPeersView view;
    for (std::int32_t i = 0; i < count; ++i) view.ids.emplace_back("new-" + std::to_string(i));
    view.peers_total = static_cast<std::int32_t>(peers.size()) + count;
    return view;
  }

  Answer<RemovePeerView> remove_peer(const PeerId& id, const Call&) override {
    return RemovePeerView{id, static_cast<std::int32_t>(peers.size()) - 1};
  }

  Answer<DrainView> drain_group(const GroupId& id, bool stop, const Call&) override {
    for (GroupView& group : groups) {
      if (group.id != id) continue;
      const DrainView view{group, group.peers, group.state == "drained" ? -1 : 440, stop};
      group.state = "drained";
      group.peers = group.busy = 0;
      return DrainView{group, view.peers, view.position, view.has_left};
    }
    return failure(ErrorCode::not_found, "no such group");
  }

  Answer<UndrainView> undrain_group(const GroupId& id, const Call&) override {
    for (GroupView& group : groups) {
      if (group.id != id) continue;
      const bool was_drained = group.state == "drained";
      group.state = "ready";
      if (was_drained) group.peers = 4;
      return UndrainView{group, group.peers, was_drained ? 441 : -1};
    }
    return failure(ErrorCode::not_found, "no such group");
  }

  Answer<SimulationView> simulate(const std::vector<SimulationStep>& steps) override {
    if (refusal) return tl::unexpected<Refusal>(*refusal);
    simulated = steps;
    return simulation;
  }

  Answer<ReplicaView> replica(const std::vector<std::string>&, std::optional<Position> at,
                              const Call&) override {
    if (refusal) return tl::unexpected<Refusal>(*refusal);
    return ReplicaView{replica_edn, at.value_or(log.newest), 0};
  }

  Answer<ReplicaDiffView> diff_replica(Position from, std::optional<Position> to,
                                       const Call&) override {
    if (refusal) return tl::unexpected<Refusal>(*refusal);
    return ReplicaDiffView{from, to.value_or(log.newest), changes};
  }

  Answer<EntryView> show_entry(Position, const Call&) override {
    if (refusal) return tl::unexpected<Refusal>(*refusal);
    return shown;
  }

  Answer<GcView> gc(const Call&) override {
    ++collections;
    return collected;
  }
  Answer<GcView> simulate_gc() override { return collectable; }

  Answer<LogView> read_log(Position from, std::uint32_t limit) override {
    const std::lock_guard lock(mutex_);
    LogView view{{}, log.origin, log.newest};
    for (const LogEntryView& entry : log.entries) {
      if (entry.position >= std::max(from, log.origin) && view.entries.size() < limit) {
        view.entries.push_back(entry);
      }
    }
    return view;
  }

  std::unique_ptr<Subscription> watch_log(std::function<void(Position)> on_newest) override {
    Position newest = -1;
    {
      const std::lock_guard lock(mutex_);
      newest = log.newest;
    }
    return log_watchers_.add(std::move(on_newest), newest);
  }

  void append(LogEntryView entry) {
    const Position position = entry.position;
    {
      const std::lock_guard lock(mutex_);
      log.entries.push_back(std::move(entry));
      log.newest = position;
    }
    log_watchers_.call(position);
  }

  std::size_t watchers() { return job_watchers_.count() + log_watchers_.count(); }

 private:
  // A callback runs under the lock, so that a subscription ends only after its last call.
  template <class T>
  class Watchers {
   public:
    using Callback = std::function<void(T)>;

    std::unique_ptr<Subscription> add(Callback callback, const T& now) {
      const std::lock_guard lock(mutex_);
      callback(now);
      callbacks_.push_back(std::move(callback));
      return std::make_unique<Entry>(*this, std::prev(callbacks_.end()));
    }
    void call(const T& value) {
      const std::lock_guard lock(mutex_);
      for (const Callback& callback : callbacks_) callback(value);
    }
    std::size_t count() {
      const std::lock_guard lock(mutex_);
      return callbacks_.size();
    }

   private:
    struct Entry final : Subscription {
      Entry(Watchers& w, typename std::list<Callback>::iterator i) : watchers(w), at(i) {}
      ~Entry() override {
        const std::lock_guard lock(watchers.mutex_);
        watchers.callbacks_.erase(at);
      }
      Watchers& watchers;
      typename std::list<Callback>::iterator at;
    };

    std::mutex mutex_;
    std::list<Callback> callbacks_;
  };

  std::mutex mutex_;
  Watchers<JobView> job_watchers_;
  Watchers<Position> log_watchers_;
};

// A job of two tasks, as tests want it.
inline JobView a_job(const std::string& id, const std::string& name, JobState state) {
  JobView view;
  view.ref = {JobId(id), name, state};
  view.submitted_ms = 1'700'000'000'000;
  view.started_ms = view.submitted_ms + 10;
  if (is_ended(state)) view.ended_ms = view.started_ms + 1'200;
  view.position = 412;
  view.version = 413;
  view.task_scheduler = "balanced";
  TaskView in;
  in.name = "in";
  in.type = "input";
  in.peers = 1;
  in.segments_out = 250'000;
  TaskView out;
  out.name = "out";
  out.type = "output";
  out.peers = 2;
  out.segments_in = 64'102;
  out.segments_out = 64'102;
  view.tasks = {in, out};
  view.as_of_position = 420;
  return view;
}

}  // namespace onyx::service
