#include "daemon/coordination/task_switch.h"

#include <algorithm>
#include <map>
#include <set>

#include "daemon/replica/queries.h"

namespace onyx::coordination {

using replica::JobState;
using replica::Place;
using replica::Replica;

namespace {

class TaskSwitch {
 public:
  TaskSwitch(const Replica& now, const Diff& diff, const Self& self, std::vector<Effect>& effects)
      : now_(now), diff_(diff), self_(self), effects_(effects) {}

  void run() {
    stop_tasks();
    stop_coordinators();
    const auto recovering = recoveries();
    for (const auto& [job, version] : stale_) effects_.push_back(DropJobState{job, version});
    for (const PeerMove& move : diff_.moves) {
      if (is_mine(move) && changes_task(move) && move.after) {
        const Place to = diff_.place_of(*move.after);
        effects_.push_back(
            StartTask{move.peer, to.job, to.task, to.slot, diff_.job_of(*move.after).after});
      }
    }
    for (const RecoverTask& recover : recovering) effects_.push_back(recover);
    start_coordinators();
    tell_of_jobs();
  }

 private:
  bool is_mine(const PeerMove& move) const { return move.group == self_.group; }

  bool is_mine(const PeerId& peer) const {
    const auto move =
        std::lower_bound(diff_.moves.begin(), diff_.moves.end(), peer,
                         [](const PeerMove& m, const PeerId& id) { return m.peer < id; });
    if (move != diff_.moves.end() && move->peer == peer) return is_mine(*move);
    return replica::group_of(now_, peer) == self_.group;
  }

  static bool changes_task(const PeerMove& move) {
    return !move.before || !move.after || move.before->job != move.after->job ||
           move.before->task != move.after->task;
  }

  SchedulerEvent event_of(const JobChange& job, bool peer_left) const {
    if (job.ended == JobState::killed) return SchedulerEvent::job_killed;
    if (job.ended == JobState::completed) return SchedulerEvent::job_completed;
    return peer_left ? SchedulerEvent::peer_left : SchedulerEvent::peer_reallocated;
  }

  void stop_tasks() {
    for (const PeerMove& move : diff_.moves) {
      if (!is_mine(move) || !changes_task(move) || !move.before) continue;
      const Place from = diff_.place_of(*move.before);
      const JobChange& job = diff_.job_of(*move.before);
      left_.insert(move.peer);
      note_stale(job);
      effects_.push_back(StopTask{move.peer, from.job, from.task, from.slot, job.before,
                                  event_of(job, move.left)});
    }
  }

  void stop_coordinators() {
    for (const JobChange& job : diff_.jobs) {
      const auto& before = job.coordinator_before;
      if (!before || before == job.coordinator_after || !is_mine(*before)) continue;
      effects_.push_back(
          StopCoordinator{*before, job.job, job.before, event_of(job, has_left(*before))});
    }
  }

  bool has_left(const PeerId& peer) const { return !now_.peers.contains(peer); }

  // My peers that keep their task in a job whose version is another.
  std::vector<RecoverTask> recoveries() {
    std::vector<RecoverTask> out;
    const replica::Group* group = now_.groups.find(self_.group);
    if (group == nullptr || diff_.jobs.empty()) return out;
    std::map<Position, const JobChange*> changed;
    for (const JobChange& job : diff_.jobs) {
      if (!job.ended && job.after != job.before) changed.emplace(job.submitted_at, &job);
    }
    for (const PeerId& peer : group->peers) {
      const replica::Peer& record = *now_.peers.find(peer);
      if (!record.seat) continue;
      const auto job = changed.find(record.seat->job);
      if (job == changed.end() || starts(peer)) continue;
      const auto place = replica::place_of(now_, peer);
      note_stale(*job->second);
      out.push_back({peer, place->job, place->task, place->slot, job->second->after});
    }
    return out;
  }

  bool starts(const PeerId& peer) const {
    const auto move =
        std::lower_bound(diff_.moves.begin(), diff_.moves.end(), peer,
                         [](const PeerMove& m, const PeerId& id) { return m.peer < id; });
    return move != diff_.moves.end() && move->peer == peer && changes_task(*move);
  }

  void note_stale(const JobChange& job) {
    if (job.before >= 0 && job.before != job.after) stale_.emplace(job.job, job.before);
  }

  void start_coordinators() {
    for (const JobChange& job : diff_.jobs) {
      const auto& after = job.coordinator_after;
      if (!after || !is_mine(*after)) continue;
      if (job.coordinator_before != after) {
        effects_.push_back(StartCoordinator{*after, job.job, job.after});
      } else if (job.after != job.before) {
        effects_.push_back(RecoverCoordinator{*after, job.job, job.after});
      }
    }
  }

  void tell_of_jobs() {
    for (const JobChange& job : diff_.jobs) {
      if (job.ended) {
        const auto* finished = now_.finished.find(job.job);
        effects_.push_back(
            JobFinished{job.job, *job.ended, finished == nullptr ? "" : finished->reason});
      } else if (job.before != job.after) {
        effects_.push_back(JobAllocationChanged{job.job, job.before, job.after, job.has_peers});
      }
    }
  }

  const Replica& now_;
  const Diff& diff_;
  const Self& self_;
  std::vector<Effect>& effects_;
  std::set<PeerId> left_;
  std::map<JobId, ReplicaVersion> stale_;  // whose state this group may hold
};

}  // namespace

void switch_tasks(const Replica& now, const Diff& diff, const Self& self,
                  std::vector<Effect>& effects) {
  if (diff.moves.empty() && diff.jobs.empty()) return;
  TaskSwitch(now, diff, self, effects).run();
}

}  // namespace onyx::coordination
