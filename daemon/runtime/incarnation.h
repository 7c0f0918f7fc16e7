// One life of a peer group: a group id, the session it stands on, and everything that dies with it.
//
// Thread:  owned and changed by the group's thread; the parts have threads of their own and call back through `post`, which
//          only enqueues.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/base/id_source.h"
#include "common/base/ids.h"
#include "common/base/result.h"
#include "daemon/cluster/cluster.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/pulses.h"
#include "daemon/coordination/self.h"
#include "daemon/coordination/transition.h"
#include "daemon/runtime/errands.h"
#include "daemon/runtime/outbox.h"
#include "daemon/runtime/peer_group.h"
#include "daemon/runtime/task_launcher.h"

namespace onyx::runtime {

// What reaches the group's thread.
struct LogArrived {
  cluster::LogEvent event;
};
struct SessionChanged {
  cluster::SessionState state;
};
struct PulseGone {
  GroupId group;
};
struct TaskFailed {
  TaskFailure failure;
};
struct JobCompleted {
  JobId job;
  ReplicaVersion version;
  Epoch epoch;
};
struct AppendLost {  // the session is gone, or our entry was refused
  Error error;
};
struct StopAsked {};
struct Asked {  // whether the thread is alive
  std::shared_ptr<std::promise<void>> answer;
};
using GroupEvent = std::variant<LogArrived, SessionChanged, PulseGone, TaskFailed, JobCompleted,
                                AppendLost, StopAsked, Asked>;
using Post = std::function<void(GroupEvent)>;

// What a group's former life leaves to the next.
struct Heritage {
  std::atomic<std::size_t>* peers = nullptr;  // that it wants; outlives both
  std::atomic<std::int64_t>* stale =
      nullptr;  // refused so far, but for what its data plane counts; likewise
  bool is_drained = false;
  GroupId former;             // empty: there was none
  Position former_read = -1;  // the last entry it applied
};

class Incarnation {
 public:
  // Opens the session, checks the log parameters, announces the pulse, and asks to join.
  static Result<std::unique_ptr<Incarnation>> begin(const GroupSettings& settings,
                                                    const Heritage& heritage,
                                                    const cluster::OpenCluster& open_cluster,
                                                    const plugins::Registry& plugins,
                                                    Workers& workers, IdSource& ids, Post post);
  ~Incarnation();

  // Stops tasks; with `leave`, writes that the group leaves; closes the session.
  void end(bool leave);

  enum class Next : unsigned char { go_on, start_over };
  Next apply(const cluster::StoredEntry& stored,
             const std::function<void(const AppliedEntry&)>& on_applied);

  void pulse_gone(const GroupId& group);
  void task_failed(const TaskFailure& failure);
  void job_completed(const JobCompleted& completed);
  // Appends what waited for a pause that is over; the next time to come back.
  std::optional<Instant> append_due(Instant now);

  bool is_ready() const;  // joined, with all the peers it began with, or drained
  // As far as it has read, and as it will be.
  bool is_drained() const { return is_drained_; }
  Position position() const { return replica_.version; }
  const GroupId& group() const { return self_.group; }
  std::shared_ptr<const replica::Replica> replica() const { return published_; }
  Position started_from() const { return started_from_; }
  PeerGroup::Handle handle() const {
    return {self_.group, cluster_, outbox_, launcher_, inquiries_};
  }
  std::vector<PeerId> new_peers(std::size_t count);
  // Any thread: new ones, by which the group wants more from now on, unless the log refuses them.
  std::vector<PeerId> ask_for(std::size_t count);
  coordination::Draft add_peers_draft(std::vector<PeerId> peers) const;
  // Any thread: when this peer leaves, it shall not come back under a new id.
  void let_go(const PeerId& peer);

 private:
  Incarnation(const GroupSettings& settings, Heritage heritage, const plugins::Registry& plugins,
              IdSource& ids, Post post);

  Result<void> open(const cluster::OpenCluster& open_cluster, Workers& workers);
  std::string site() const;
  void log_changes(const coordination::LogEntry& entry, const coordination::Diff& diff) const;
  void note_drain(const coordination::LogEntry& entry, const coordination::Diff& diff);
  void note_added(const coordination::LogEntry& entry, const coordination::Diff& diff);
  void append(coordination::Draft draft);
  void perform(const std::vector<coordination::Effect>& effects, Next& next);
  void start_and_stop_jobs(const std::vector<coordination::Effect>& effects);
  void watch(const std::set<GroupId>& groups);
  void truncate(Position position);

  const GroupSettings& settings_;
  const Heritage heritage_;
  const plugins::Registry& plugins_;
  IdSource& ids_;
  const Post post_;
  coordination::Self self_;
  std::vector<PeerId> peers_;  // that it began with
  bool is_drained_ = false;
  replica::Replica replica_;
  std::shared_ptr<const replica::Replica> published_;
  Position started_from_ = -1;
  Position newest_at_start_ = -1;  // up to here it is history
  const std::shared_ptr<std::atomic<Position>> applied_ =
      std::make_shared<std::atomic<Position>>(-1);   // for whoever asks, on any thread
  std::multimap<Instant, coordination::Draft> due_;  // appended after a pause

  // In the order of construction; end() takes them down in reverse.
  std::shared_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<Errands> errands_;
  std::shared_ptr<Outbox> outbox_;
  std::unique_ptr<messaging::Transport> transport_;  // null: none is needed
  std::shared_ptr<TaskLauncher> launcher_;
  std::shared_ptr<Inquiries> inquiries_;
  std::map<GroupId, std::unique_ptr<cluster::PulseWatch>> watches_;
  std::unique_ptr<cluster::Follower> follower_;
  bool has_ended_ = false;

  std::mutex mutex_;
  std::set<PeerId> let_go_;     // guarded by mutex_
  std::set<PeerId> asked_for_;  // guarded by mutex_; not read in the log yet
};

}  // namespace onyx::runtime
