// Seam: what the API needs from the rest of the daemon. No gRPC types, so that the daemon, its tests and the simulation
// implement and call it alike.
//
// Shape:   jobs are named by full id; the adapters turn prefixes and names into ids with job_refs() before they call.
// Thread:  every method may be called from any number of threads at once. A method with a Call may block until its
//          deadline; the others answer from what is known now, and wait for what other daemons say at most kHearingMax.
// Errors:  Refusal: an Error, and the diagnostics of the job it is about. `failure(…)` converts to it.
// Source:  spec/api.md §2 to §5.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/api/refusal.h"
#include "common/api/views.h"
#include "common/base/clock.h"

namespace onyx::service {

using namespace onyx::api;  // the views are this seam's vocabulary

// How long a caller waits, and whether it is still there.
struct Call {
  Instant deadline;                    // steady clock
  std::function<bool()> is_abandoned;  // the caller has gone; cheap, any thread
};

// While it lives, its callback is called; its destructor returns after the last call has.
class Subscription {
 public:
  virtual ~Subscription() = default;
};

class Backend {
 public:
  virtual ~Backend() = default;

  // --- jobs ---
  virtual Answer<std::vector<edn::Diagnostic>> validate(const Source& job,
                                                        const std::vector<Source>& functions) = 0;
  // Answers when this daemon has applied the entry. invalid_argument with diagnostics when the job
  // is wrong, already_exists when the id belongs to another job.
  virtual Answer<SubmitView> submit(const SubmitRequest& request, const Call& call) = 0;
  // Answers when this daemon has applied the entry; a job that has ended is left alone.
  virtual Answer<KillView> kill(const JobId& id, const std::string& reason, const Call& call) = 0;
  // Every job that the replica knows, oldest first. Cheap: names are looked up in it.
  virtual std::vector<JobRef> job_refs() = 0;
  virtual Answer<JobView> get_job(const JobId& id) = 0;
  virtual std::vector<JobView> list_jobs() = 0;  // oldest first
  virtual Answer<WhyView> why(const JobId& id) = 0;
  // `task` empty: the only seq output. `limit` 0: all that are kept.
  virtual Answer<OutputView> job_output(const JobId& id, const std::string& task,
                                        std::uint32_t limit) = 0;
  // Calls `on_view` soon after it is made, at every change of state, and for counters at most five
  // times a second; nothing follows a view whose job has ended. The callback is quick and may be
  // called on any thread.
  virtual Answer<std::unique_ptr<Subscription>> watch_job(const JobId& id,
                                                          std::function<void(JobView)> on_view) = 0;
  // Runs one case to its end and leaves no job behind that is listed.
  virtual Answer<CaseView> run_case(const CaseRequest& request, const Call& call) = 0;

  // --- cluster ---
  virtual VersionView version() = 0;
  virtual ClusterView cluster() = 0;
  virtual std::vector<GroupView> list_groups() = 0;
  virtual Answer<GroupDetailView> get_group(const GroupId& id) = 0;
  virtual std::vector<PeerView> list_peers() = 0;
  virtual Answer<AddPeersView> add_peers(std::int32_t count, const Call& call) = 0;
  virtual Answer<RemovePeerView> remove_peer(const PeerId& id, const Call& call) = 0;
  // Answers when this daemon has applied the entry; with `stop`, for another group than its own, when that has left.
  virtual Answer<DrainView> drain_group(const GroupId& id, bool stop, const Call& call) = 0;
  // Answers when its peers are back.
  virtual Answer<UndrainView> undrain_group(const GroupId& id, const Call& call) = 0;
  // Nothing is written. invalid_argument with diagnostics when a job is wrong.
  virtual Answer<SimulationView> simulate(const std::vector<SimulationStep>& steps) = 0;
  // After the entry `at`, else the newest. `keys` empty: all.
  virtual Answer<ReplicaView> replica(const std::vector<std::string>& keys,
                                      std::optional<Position> at, const Call& call) = 0;
  // Between the replicas after two entries; `to` missing: the newest. not_found names the origin of the log.
  virtual Answer<ReplicaDiffView> diff_replica(Position from, std::optional<Position> to,
                                               const Call& call) = 0;
  virtual Answer<GcView> gc(const Call& call) = 0;
  // What gc() would do now; `position` is where its entry would stand.
  virtual Answer<GcView> simulate_gc() = 0;

  // --- log ---
  // At most `limit` entries from max(from, origin) on.
  virtual Answer<LogView> read_log(Position from, std::uint32_t limit) = 0;
  virtual Answer<EntryView> show_entry(Position at, const Call& call) = 0;
  // Calls `on_newest` soon after it is made and whenever an entry has been applied here; readers
  // then read_log(). The callback is quick and may be called on any thread; it may itself call
  // read_log(), so whoever calls it holds no lock that read_log() needs.
  virtual std::unique_ptr<Subscription> watch_log(std::function<void(Position)> on_newest) = 0;
};

}  // namespace onyx::service
