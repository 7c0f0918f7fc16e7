// Seam: what the API needs from the rest of the daemon. No gRPC types, so that the daemon, its
// tests and the simulation implement and call it alike.
//
// Shape:   EDN values are text: printed by edn::print, one value a string. Jobs are named by full
// id; the adapters turn
//          prefixes and names into ids with job_refs() before they call.
// Units:   *_ms of a moment is wall clock since 1970-01-01T00:00:00Z, 0 when unknown; positions as
// in common/base/ids.h. Thread:  every method may be called from any number of threads at once. A
// method with a Call may block until its
//          deadline; the others answer from what is known now and do not wait.
// Errors:  Refusal: an Error, and the diagnostics of the job it is about. `failure(…)` converts to
// it. Source:  spec/api.md §2 to §5.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/base/result.h"
#include "common/edn/diagnostic.h"

namespace onyx::service {

// Why a call was refused.
struct Refusal {
  Refusal(Error e) : error(std::move(e)) {}  // NOLINT: a plain Error is the common case
  Refusal(Error e, std::vector<edn::Diagnostic> found)
      : error(std::move(e)), diagnostics(std::move(found)) {}

  Error error;
  std::vector<edn::Diagnostic> diagnostics;
  std::vector<std::string> candidates;  // what an unknown or ambiguous name may have meant
  bool is_ambiguous = false;
  Position position = -1;  // the log entry concerned
};

template <class T>
using Answer = tl::expected<T, Refusal>;

// How long a caller waits, and whether it is still there.
struct Call {
  Instant deadline;                    // steady clock
  std::function<bool()> is_abandoned;  // the caller has gone; cheap, any thread
};

// A document somebody wrote, with the name that errors show.
struct Source {
  std::string text;
  std::string file;
};

// ----------------------------------------------------------------------------------------------------
// jobs

enum class JobState : std::uint8_t { submitted, waiting, running, completed, killed };

inline bool is_ended(JobState state) {
  return state == JobState::completed || state == JobState::killed;
}

struct JobRef {
  JobId id;
  std::string name;  // empty when it has none
  JobState state = JobState::submitted;
};

// Counters grow from the start of the job's present allocation.
struct TaskView {
  std::string name;  // without the colon
  std::string type;  // "input", "function", "reduce", "output"
  std::int32_t peers = 0;
  std::int32_t min_peers = 1;
  std::int32_t max_peers = 0;  // 0: no limit
  std::vector<GroupId> sites;  // the group of each peer, in the order of slots
  std::uint64_t segments_in = 0;
  std::uint64_t segments_out = 0;
  std::uint64_t dropped = 0;    // segments that an unmatched exception or no flow condition let go
  std::uint64_t bad_lines = 0;  // lines of a file input skipped or set aside
  std::optional<double> progress;      // 0 to 1, where the end is known
  std::uint64_t busy_ns = 0;           // summed over its peers
  std::uint64_t backpressured_ns = 0;  // summed over its peers
};

struct JobView {
  JobRef ref;
  WallTimeMs submitted_ms = 0;
  WallTimeMs started_ms = 0;
  WallTimeMs ended_ms = 0;
  Position position = -1;  // of its submit-job entry
  ReplicaVersion version = -1;
  std::int32_t restarts = 0;    // how often it started over
  std::string task_scheduler;   // "balanced"
  std::string reason;           // why it was killed, or why it waits: one sentence
  std::string exception_edn;    // {:message "…" :data {…} …}; empty: none
  std::vector<TaskView> tasks;  // in the order of the catalog
  Position as_of_position = -1;
  WallTimeMs as_of_ms = 0;
};

struct WhyView {
  struct Need {
    std::string task;
    std::int32_t min_peers = 1;
    std::string note;  // "its plugin is on no daemon"; empty when only the number counts
  };
  struct Holder {
    JobRef job;
    std::int32_t peers = 0;
    std::int32_t min_peers = 0;
  };
  JobView job;
  std::string reason;  // stable word: "not-enough-peers", "no-plugin", "starting", "running",
                       // "completed", "killed"
  std::string text;    // one sentence with the numbers
  std::int32_t peers_needed = 0;
  std::int32_t peers_total = 0;
  std::int32_t peers_free = 0;
  std::vector<Need> needs;
  std::vector<Holder> holders;
  std::vector<std::string> unblock;  // "onyxctl peer add 2", best first
};

struct SubmitRequest {
  Source job;
  std::vector<Source> functions;  // appended to the job's :functions in this order
  std::optional<std::string> id;  // not checked yet; over :metadata :job-id
};

struct SubmitView {
  JobRef job;
  Position position = -1;
  bool placed = false;   // peers work on it as of `position`
  bool already = false;  // the same job was submitted under this id before
  std::vector<edn::Diagnostic> warnings;
  std::optional<WhyView> why;  // when it is not placed
};

struct KillView {
  JobRef job;
  JobState previous = JobState::submitted;
  Position position = -1;  // of the kill-job entry; -1 when the job had ended already
  std::int32_t peers_released = 0;
};

struct OutputView {
  JobRef job;
  std::string task;
  std::vector<std::string> segments_edn;  // in the order of arrival
  std::uint64_t total = 0;                // how many arrived in all
};

struct CaseRequest {
  Source text;         // one map, as conformance/README.md says
  bool local = false;  // one thread, virtual clock
  std::uint64_t seed = 0;
};

struct CaseView {
  enum class Ended : std::uint8_t { rejected, completed, killed, timed_out };
  Ended ended = Ended::rejected;
  std::vector<edn::Diagnostic> diagnostics;  // why it was rejected
  std::map<std::string, std::vector<std::string>>
      outputs_edn;            // seq output task (no colon) → its segments
  std::string exception_edn;  // {:message "…" :data {…}}; empty: none
  std::uint64_t duration_ms = 0;
};

// ----------------------------------------------------------------------------------------------------
// cluster

struct VersionView {
  std::string version;
  std::string log_version;
  std::string tenancy;
  GroupId group;
  std::string host;
  std::string zookeeper;
  bool dev = false;
  WallTimeMs started_ms = 0;
  Position position = -1;
};

struct GroupView {
  GroupId id;
  std::string host;
  std::string version;
  std::string state;  // "ready", "joining", "fenced"
  std::int32_t peers = 0;
  std::int32_t busy = 0;
  std::vector<std::string> tags;     // with the colon
  std::vector<std::string> plugins;  // that it announces
  Position position = -1;            // newest entry it has applied; -1: unknown here
  bool is_self = false;
};

struct PeerView {
  PeerId id;
  GroupId group;
  std::string host;
  JobId job;  // empty: idle
  std::string job_name;
  std::string task;
  SlotId slot = -1;
  std::string state;  // "idle", "working"
  std::vector<std::string> tags;
};

struct AddPeersView {
  std::vector<PeerId> ids;
  std::int32_t peers_total = 0;
};

struct RemovePeerView {
  PeerId id;
  std::int32_t peers_total = 0;
};

struct ReplicaView {
  std::string edn;
  Position as_of_position = -1;
  WallTimeMs as_of_ms = 0;
};

struct GcView {
  Position position = -1;  // of the gc entry
  Position origin_before = 0;
  Position origin = 0;
  std::int64_t entries_deleted = 0;
  std::int64_t jobs_forgotten = 0;
};

// ----------------------------------------------------------------------------------------------------
// log

struct LogEntryView {
  Position position = -1;
  WallTimeMs created_ms = 0;
  std::string fn;       // "submit-job"
  std::string subject;  // whom it is about, for people
  std::string effect;   // what it changed, for people
  std::string args_edn;
  bool rejected = false;
};

struct LogView {
  std::vector<LogEntryView> entries;  // dense: positions from, from+1, …
  Position origin = 0;                // oldest position that can be read
  Position newest = -1;               // -1: empty
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
  virtual std::vector<GroupView> list_groups() = 0;
  virtual std::vector<PeerView> list_peers() = 0;
  virtual Answer<AddPeersView> add_peers(std::int32_t count, const Call& call) = 0;
  virtual Answer<RemovePeerView> remove_peer(const PeerId& id, const Call& call) = 0;
  // `keys` empty: all.
  virtual Answer<ReplicaView> replica(const std::vector<std::string>& keys) = 0;
  virtual Answer<GcView> gc(const Call& call) = 0;

  // --- log ---
  // At most `limit` entries from max(from, origin) on.
  virtual Answer<LogView> read_log(Position from, std::uint32_t limit) = 0;
  // Calls `on_newest` soon after it is made and whenever an entry has been applied here; readers
  // then read_log(). The callback is quick and may be called on any thread.
  virtual std::unique_ptr<Subscription> watch_log(std::function<void(Position)> on_newest) = 0;
};

}  // namespace onyx::service
