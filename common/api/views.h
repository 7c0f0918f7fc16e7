// Jobs, cluster and log as they are seen from outside: what the daemon answers and onyxctl shows.
//
// Shape:   EDN values are text, printed by edn::print, one value a string. A message of proto/onyx/v1 for each; the
//          codecs of this folder convert both ways.
// Units:   *_ms of a moment is wall clock since 1970-01-01T00:00:00Z, 0 when unknown; positions as in common/base/ids.h.
// Source:  spec/api.md §2 to §5.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/edn/diagnostic.h"

namespace onyx::api {

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
  std::int32_t restarts = 0;           // how often it started over
  std::string task_scheduler;          // "balanced"
  std::string reason;                  // why it was killed, or why it waits: one sentence
  std::string exception_edn;           // {:message "…" :data {…} …}; empty: none
  std::vector<TaskView> tasks;         // in the order of the catalog
  std::vector<GroupId> silent_groups;  // what their peers have done is missing in `tasks`
  // It has ended, and a daemon that ran it has stopped since: what is in `tasks` is not all.
  bool numbers_lost = false;
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
  std::vector<std::string> segments_edn;  // in the order of arrival, group by group
  std::uint64_t total = 0;                // how many arrived in all
  std::vector<GroupId> silent_groups;     // what they have is missing
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
  std::string state;  // "ready", "joining", "drained", "fenced"
  std::int32_t peers = 0;
  std::int32_t busy = 0;
  std::vector<std::string> tags;     // with the colon
  std::vector<std::string> plugins;  // that it announces
  Position position = -1;            // newest entry it has applied; -1: unknown here
  bool is_self = false;
  std::int64_t stale = -1;  // refused there, as it came under an older allocation; -1: unknown here
};

struct ClusterView {
  VersionView daemon;         // that answers; the rest is as of its position
  std::string job_scheduler;  // "balanced"
  std::vector<GroupView> groups;
  std::int32_t peers = 0;  // that can be given work
  std::int32_t busy = 0;
  std::int32_t not_joined = 0;  // announced by groups that have not joined yet
  std::int32_t jobs_waiting = 0;
  std::int32_t jobs_running = 0;
  std::int32_t jobs_completed = 0;
  std::int32_t jobs_killed = 0;
  Position origin = 0;   // where the log begins
  Position newest = -1;  // entry in the log, applied here or not; -1: unknown
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

struct GroupDetailView {
  GroupView group;
  std::string session;  // "connected", "suspect", "expired"; empty: only its own daemon knows
  std::string site;     // where its peers' messages go
  std::vector<GroupId> watches;
  GroupId watched_by;  // empty: none
  std::vector<PeerView> peers;
};

struct AddPeersView {
  std::vector<PeerId> ids;
  std::int32_t peers_total = 0;
};

struct RemovePeerView {
  PeerId id;
  std::int32_t peers_total = 0;
};

struct DrainView {
  GroupView group;
  std::int32_t peers = 0;  // that have left, and come back when it is undrained
  Position position = -1;  // -1: it was drained already
  bool has_left = false;   // with stop: it is gone from the cluster
};

struct UndrainView {
  GroupView group;
  std::int32_t peers = 0;  // that have come back
  Position position = -1;  // -1: it was not drained
};

// What is supposed to happen; exactly one of the three.
struct SimulationStep {
  struct NewJob {
    Source job;
    std::vector<Source> functions;
  };
  std::int32_t add_peers = 0;  // to the group of the daemon that is asked
  std::string lose_group;      // as typed
  std::optional<NewJob> submit;
};

struct SimulationView {
  struct Task {
    std::string name;
    std::int32_t before = 0;
    std::int32_t after = 0;
  };
  struct Job {
    JobRef job;                      // with the state afterwards
    std::optional<JobState> before;  // none: not there
    std::int32_t peers_before = 0;
    std::int32_t peers_after = 0;
    bool starts_over = false;
    std::vector<Task> tasks;
    std::string reason;  // as in WhyView, of the job afterwards
    std::string text;
  };
  struct Move {
    std::optional<PeerView> before;  // none: comes
    std::optional<PeerView> after;   // none: leaves
  };
  Position as_of_position = -1;
  std::int32_t peers_before = 0;
  std::int32_t peers_after = 0;
  std::int32_t busy_before = 0;
  std::int32_t busy_after = 0;
  std::vector<std::string> steps;  // what each did
  std::vector<Job> jobs;
  std::vector<Move> moves;
};

struct ReplicaView {
  std::string edn;
  Position as_of_position = -1;
  WallTimeMs as_of_ms = 0;
};

// A path goes through maps by key, and through vectors of maps with an :id by that id.
struct ReplicaChangeView {
  std::string path_edn;    // "[:jobs #uuid \"…\" :allocation :in]"
  std::string before_edn;  // empty: was not there
  std::string after_edn;   // empty: is not there any more
};

struct ReplicaDiffView {
  Position from = -1;
  Position to = -1;
  std::vector<ReplicaChangeView> changes;
};

struct GcView {
  Position position = -1;  // of the gc entry
  Position origin_before = 0;
  Position origin = 0;
  std::int64_t entries_deleted = 0;
  std::int64_t jobs_forgotten = 0;
  // Of a gc that was only asked for: which they are, and those of which not even the ending would be known any more.
  std::vector<JobRef> jobs = {};
  std::vector<JobRef> dropped = {};
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

struct EntryView {
  LogEntryView entry;
  std::string by;                     // who caused it: a group, a peer, "client"; empty: not said
  GroupId writer;                     // empty: none
  std::int64_t seq = 0;               // its number among the writer's entries
  std::optional<LogEntryView> cause;  // only its position when a gc has taken it
  bool is_origin = false;             // what it changed is not known any more
  std::string diff_edn;               // what applying it said; empty for the origin
  std::vector<ReplicaChangeView> changes;
};

struct LogView {
  std::vector<LogEntryView> entries;  // dense: positions from, from+1, …
  Position origin = 0;                // oldest position that can be read
  Position newest = -1;               // -1: empty
};

}  // namespace onyx::api
