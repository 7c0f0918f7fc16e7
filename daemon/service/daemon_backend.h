// The Backend of a real daemon: its peer group, the feed of its replica, its plugins.
//
// Shape:   calls of one kind are in one file: daemon_jobs.cpp, daemon_cluster.cpp, daemon_history.cpp,
//          daemon_log.cpp, daemon_cases.cpp, daemon_simulation.cpp.
// Thread:  as Backend; one thread of its own serves those who watch jobs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/id_source.h"
#include "daemon/plugins/seq/output_store.h"
#include "daemon/query/history.h"
#include "daemon/query/replica_feed.h"
#include "daemon/runtime/compiled_job.h"
#include "daemon/runtime/peer_group.h"
#include "daemon/service/backend.h"
#include "daemon/service/job_watches.h"

namespace onyx::service {

// What the daemon says of itself.
struct DaemonFacts {
  std::string version;
  std::string tenancy;
  std::string host;
  std::string zookeeper;
  std::string job_scheduler;  // "onyx.job-scheduler/balanced"
  edn::Value peer_config;
  std::vector<std::string> tags;
  bool is_dev = false;
  WallTimeMs started_ms = 0;
};

class DaemonBackend final : public Backend {
 public:
  DaemonBackend(DaemonFacts facts, runtime::PeerGroup& group, query::ReplicaFeed& feed,
                const plugins::Registry& plugins, std::shared_ptr<plugins::OutputStore> outputs,
                IdSource& ids);
  ~DaemonBackend() override;

  Answer<std::vector<edn::Diagnostic>> validate(const Source& job,
                                                const std::vector<Source>& functions) override;
  Answer<SubmitView> submit(const SubmitRequest& request, const Call& call) override;
  Answer<KillView> kill(const JobId& id, const std::string& reason, const Call& call) override;
  std::vector<JobRef> job_refs() override;
  Answer<JobView> get_job(const JobId& id) override;
  std::vector<JobView> list_jobs() override;
  Answer<WhyView> why(const JobId& id) override;
  Answer<OutputView> job_output(const JobId& id, const std::string& task,
                                std::uint32_t limit) override;
  Answer<std::unique_ptr<Subscription>> watch_job(const JobId& id,
                                                  std::function<void(JobView)> on_view) override;
  Answer<CaseView> run_case(const CaseRequest& request, const Call& call) override;

  VersionView version() override;
  ClusterView cluster() override;
  std::vector<GroupView> list_groups() override;
  Answer<GroupDetailView> get_group(const GroupId& id) override;
  std::vector<PeerView> list_peers() override;
  Answer<AddPeersView> add_peers(std::int32_t count, const Call& call) override;
  Answer<RemovePeerView> remove_peer(const PeerId& id, const Call& call) override;
  Answer<DrainView> drain_group(const GroupId& id, bool stop, const Call& call) override;
  Answer<UndrainView> undrain_group(const GroupId& id, const Call& call) override;
  Answer<SimulationView> simulate(const std::vector<SimulationStep>& steps) override;
  Answer<ReplicaView> replica(const std::vector<std::string>& keys, std::optional<Position> at,
                              const Call& call) override;
  Answer<ReplicaDiffView> diff_replica(Position from, std::optional<Position> to,
                                       const Call& call) override;
  Answer<GcView> gc(const Call& call) override;
  Answer<GcView> simulate_gc() override;

  Answer<LogView> read_log(Position from, std::uint32_t limit) override;
  Answer<EntryView> show_entry(Position at, const Call& call) override;
  std::unique_ptr<Subscription> watch_log(std::function<void(Position)> on_newest) override;

 private:
  using Snapshot = query::ReplicaFeed::Snapshot;

  Answer<runtime::PeerGroup::Handle> handle() const;
  runtime::CompileContext compile_context() const;
  static runtime::JobSource source_of(const Source& job, const std::vector<Source>& functions);
  Answer<std::shared_ptr<const runtime::CompiledJob>> compile(runtime::JobSource source) const;
  // Submits what is compiled already, under this id.
  Answer<SubmitView> submit_compiled(const std::shared_ptr<const runtime::CompiledJob>& job,
                                     const JobId& id, const Call& call);
  // Appends and waits until this daemon has applied the entry.
  Answer<Position> append(coordination::Command command, const Call& call);
  Answer<Snapshot> applied(Position position, const Call& call) const;

  // not_found unless this daemon has applied the entry.
  Answer<void> check_applied(Position at) const;
  template <class T>
  Answer<T> from_origin(
      const Call& call,
      const std::function<Result<T>(replica::Replica, const query::ReadEntry&)>& ask) const;

  // `made` counts the peers that were made up.
  Answer<coordination::Command> command_of(const SimulationStep& step,
                                           const replica::Replica& replica,
                                           std::size_t& made) const;
  // With what the other groups say of themselves.
  std::vector<GroupView> group_views(const replica::Replica& replica) const;
  GroupView group_view(const replica::Group& group, const replica::Replica& replica) const;
  static PeerView peer_view(const replica::Peer& peer, const replica::Replica& replica);
  // Without what the peers have done.
  std::optional<JobView> view_of(const JobId& id, const replica::Replica& replica) const;
  // With it, of all daemons; those that are known, in their order.
  std::vector<JobView> full_views(const std::vector<JobId>& ids,
                                  const replica::Replica& replica) const;
  std::optional<JobWatches::Glimpse> glimpse_of(const JobId& id) const;
  WhyView why_of(const JobView& view, const replica::Replica& replica) const;
  Answer<WhyView> not_applied(const JobId& id) const;
  Refusal unknown_job(const JobId& id) const;

  Answer<CaseView> run_case_on_peers(const std::shared_ptr<const runtime::CompiledJob>& job,
                                     const Call& call);

  const DaemonFacts facts_;
  runtime::PeerGroup& group_;
  query::ReplicaFeed& feed_;
  const plugins::Registry& plugins_;
  const std::shared_ptr<plugins::OutputStore> outputs_;
  IdSource& ids_;

  JobWatches watches_;  // last: its thread ends before what it reads
};

}  // namespace onyx::service
