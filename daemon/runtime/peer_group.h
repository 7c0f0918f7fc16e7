// One peer group: this daemon's membership in the cluster, and the only owner of its replica.
//
//      follower ──▶ ┌──────────────────────────────────────────┐ ──▶ outbox ──▶ log
//      session  ──▶ │ group thread: apply, publish, respond    │ ──▶ launcher ──▶ job executions on workers
//      tasks    ──▶ └──────────────────────────────────────────┘ ──▶ errands (pulses, exceptions, truncation)
//
// Shape:   an *incarnation* is one group id with its session, outbox and launcher. When the session expires, the group is
//          declared dead by others, or a gc has overtaken it, the incarnation ends and a new one joins with as many peers.
// Thread:  one of its own; the calls from any thread. Applied is called on the group thread after every entry and must be quick.
// Source:  Onyx peer_group_manager.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/id_source.h"
#include "common/base/ids.h"
#include "common/base/result.h"
#include "daemon/cluster/cluster.h"
#include "daemon/coordination/transition.h"
#include "daemon/messaging/transport.h"
#include "daemon/plugins/registry.h"
#include "daemon/plugins/seq/output_store.h"
#include "daemon/runtime/inquiries.h"
#include "daemon/runtime/task_launcher.h"
#include "daemon/runtime/workers.h"

namespace onyx::runtime {

struct GroupSettings {
  std::size_t peers = 1;
  std::vector<std::string> tags;  // keyword texts, sorted
  std::string host;               // the machine this daemon runs on
  replica::Parameters parameters;
  std::chrono::milliseconds join_back_off{200};  // mean of the first pause
  std::chrono::milliseconds restart_back_off{
      100};  // of a job that asks to be restarted; doubles up to 10 s
  std::chrono::milliseconds join_deadline{30'000};  // for the first incarnation
  std::size_t inbox_capacity = 1'000;
  std::size_t outbox_capacity = 1'000;
  ExecutionSettings execution;
  // Opens the data plane of a group, by the timeout of its session; none: it is the tenancy's only one.
  std::function<Result<std::unique_ptr<messaging::Transport>>(const messaging::Identity&,
                                                              std::chrono::milliseconds)>
      open_transport;
  std::shared_ptr<const plugins::OutputStore> outputs;  // that other daemons may ask for
  std::string job_scheduler;                            // "onyx.job-scheduler/balanced"
  std::string version;                                  // of this daemon, for people
  // `group drain --stop`: must only ask, for the group's thread calls it.
  std::function<void()> stop_daemon;
};

// What an entry did, with the replica after it.
struct AppliedEntry {
  const coordination::LogEntry& entry;
  const coordination::Diff& diff;
  std::shared_ptr<const replica::Replica> replica;
};

class PeerGroup {
 public:
  // What the outside sees of the running incarnation; stays valid while held.
  struct Handle {
    GroupId group;
    std::shared_ptr<cluster::Cluster> cluster;
    std::shared_ptr<class Outbox> outbox;
    std::shared_ptr<TaskLauncher> launcher;
    std::shared_ptr<Inquiries> inquiries;
  };

  PeerGroup(GroupSettings settings, cluster::OpenCluster open_cluster,
            const plugins::Registry& plugins, Workers& workers, IdSource& ids,
            std::function<void(const AppliedEntry&)> on_applied,
            std::function<void(const replica::Replica&, Position)> on_start_from);
  ~PeerGroup();  // stop()

  // Joins; returns once every peer of the group is schedulable and the log has been read up to there.
  Result<void> start();
  // Leaves the cluster: tasks stop, the entries are written, the session is closed.
  void stop();

  // Whether the group's thread comes round to a question before the deadline.
  bool answers_by(std::chrono::steady_clock::time_point deadline);

  // Nothing between two incarnations.
  std::optional<Handle> handle() const;
  // Why it never comes back without people: the log itself is broken.
  std::optional<Error> halted_by() const;
  std::shared_ptr<const replica::Replica> replica() const;

  // Appends the entry that adds them and returns their ids; they count once it is applied. NET-43 while it is drained.
  Result<std::vector<PeerId>> add_peers(std::size_t count);
  // Only peers of this group.
  Result<Position> remove_peer(const PeerId& peer);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace onyx::runtime
