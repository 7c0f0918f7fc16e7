// The replica: what the cluster is after entries 0…version of the coordination log, as a value.
//
// Shape:   ordered maps of records (OrderedMap) and shared parts (Cow), so that a copy costs a few reference counts at
//          any size and a change clones only what a copy still holds. The group's thread owns one and changes it in
//          place; what it publishes is a copy. An allocation is held once, in Job::seats; Peer::place mirrors it.
// Order:   everything iterates in the order of ids (jobs: in the order of submission), on every machine alike.
// Thread:  a value. Copies may be read by any thread.
// Source:  Onyx log/replica.clj. Differences: orphans are the peers of groups that have not joined; slots are positions
//          in Job::seats; short ids are numbered per job and derived, not stored.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "daemon/replica/cow.h"
#include "daemon/replica/ordered_map.h"

namespace onyx::replica {

// The number changes when apply() may give another result for some log; docs/formats/log_entries.md.
inline constexpr int kLogVersion = 2;

// A hundred percent; `:onyx/percentage 37.5` is 375'000.
inline constexpr std::int64_t kWholePpm = 1'000'000;

enum class JobScheduler : std::uint8_t { greedy, balanced, percentage };
enum class TaskScheduler : std::uint8_t { balanced, percentage, colocated };
enum class TaskKind : std::uint8_t { input, function, output };
enum class FluxPolicy : std::uint8_t { none, kill, resume, recover };  // resume is Onyx's :continue

// --- what a job asks for ---

struct TaskSpec {
  TaskId id;
  TaskKind kind = TaskKind::function;
  bool reduces =
      false;  // :onyx/type :reduce; a windowed task that may be anywhere but at the start
  std::int64_t min_peers = 1;             // >= 1
  std::optional<std::int64_t> max_peers;  // >= min_peers; none: no limit
  FluxPolicy flux = FluxPolicy::none;
  bool grouped = false;                    // routes by group: a message goes to a slot
  bool stateful = false;                   // has windows
  std::vector<std::string> required_tags;  // sorted, distinct; keyword texts
  std::string plugin;  // keyword text of the plugin it needs ("onyx.plugin.file/input"), or empty
  std::int64_t percentage_ppm = 0;  // percentage task scheduler
  std::vector<TaskId> egress;       // tasks downstream, sorted

  bool operator==(const TaskSpec&) const = default;
};

struct JobSpec {
  std::string name;  // empty: none
  TaskScheduler task_scheduler = TaskScheduler::balanced;
  std::vector<TaskSpec> tasks;             // topological order; the index breaks ties
  std::optional<std::int64_t> saturation;  // most peers it can use; none: no limit
  std::int64_t percentage_ppm = 0;         // percentage job scheduler

  bool operator==(const JobSpec&) const = default;
};

// --- who there is ---

// What a peer can run: its tags, and the plugins of its group.
struct Capability {
  std::vector<std::string> tags;                    // sorted, distinct
  std::optional<std::vector<std::string>> plugins;  // sorted; none: not announced, which means any

  auto operator<=>(const Capability&) const = default;
};

// What a task asks of a peer.
struct Requirement {
  std::vector<std::string> tags;  // sorted
  std::string plugin;             // empty: none

  auto operator<=>(const Requirement&) const = default;
};

// Where a peer works.
struct Place {
  JobId job;
  TaskId task;
  SlotId slot = 0;

  auto operator<=>(const Place&) const = default;
};

struct Peer {
  PeerId id;
  GroupId group;
  std::int32_t pool = -1;  // index into Replica::pools; -1: an orphan, its group has not joined
  // Set exactly when the peer sits in Job::seats: the job's submission position, the task's index, the slot.
  struct Seat {
    Position job = -1;
    std::int32_t task = 0;
    SlotId slot = 0;
    bool operator==(const Seat&) const = default;
  };
  std::optional<Seat> seat;
  std::string
      site;  // "HOST ADDRESS,ADDRESS": its machine, and where its messages go; queries.h takes it apart
  std::vector<std::string> tags;  // sorted, distinct

  const PeerId& key() const { return id; }
  bool operator==(const Peer&) const = default;
};

// What a group has given away until it is undrained.
struct Drained {
  std::int64_t peers = 0;  // that it brings back
  std::string site;        // that its peers had: where it can be asked

  bool operator==(const Drained&) const = default;
};

// A group that has been heard of: it has announced peers or asked to join, and has not left.
struct Group {
  GroupId id;
  bool joined = false;                              // <=> in Membership::joined
  std::optional<std::vector<std::string>> plugins;  // sorted; none: not announced
  std::vector<PeerId> peers;                        // sorted; none while it is drained
  std::optional<Drained> drained;

  const GroupId& key() const { return id; }
  bool operator==(const Group&) const = default;
};

// The ring. With two or more joined groups `pairs` is one cycle over them: the key watches the value.
// prepared, accepted: joined observer → joiner; disjoint keys, disjoint values. A group is in at most one of joined,
// (the values of) prepared and accepted, aborted, left.
struct Membership {
  std::vector<GroupId> joined;       // in join order
  std::map<GroupId, GroupId> pairs;  // empty with fewer than two groups
  std::map<GroupId, GroupId> prepared;
  std::map<GroupId, GroupId> accepted;
  std::map<GroupId, std::int64_t> aborted;  // joiners whose last attempt failed → failures in a row
  std::map<GroupId, Position> left;  // group → when; forgotten by gc, a minute later at least

  bool operator==(const Membership&) const = default;
};

// --- jobs ---

struct Job {
  JobId id;
  Position submitted_at = -1;        // position of its :submit-job; the order of jobs
  std::int64_t submitted_at_ms = 0;  // creation time of that entry
  std::shared_ptr<const JobSpec> spec;
  std::vector<std::int32_t> requirements;  // per task, index into Replica::requirements

  // Per task; the index is the slot. All tasks have peers or none has.
  std::vector<std::vector<PeerId>> seats;
  std::optional<PeerId> coordinator;  // <=> has peers; one of them
  ReplicaVersion version =
      -1;  // position of the entry that last changed the allocation; -1: never had one
  std::int64_t restarts = 0;  // times it was started over: versions after the first that have peers
  std::int64_t failures = 0;  // :restart-job entries obeyed
  std::string last_failure;   // reason of the last one

  Position key() const { return submitted_at; }
  bool has_peers() const { return !seats.empty() && !seats.front().empty(); }
  bool operator==(const Job& other) const;
};

enum class JobState : std::uint8_t { waiting, running, completed, killed };

// A job that has ended. After gc it stays as a tombstone, so that its id remains idempotent and awaitable.
struct FinishedJob {
  JobId id;
  std::string name;
  JobState state = JobState::completed;  // completed or killed
  Position submitted_at = -1;
  Position ended_at = -1;
  std::int64_t submitted_at_ms = 0;
  std::int64_t ended_at_ms = 0;
  std::string reason;           // killed: why
  std::string by;               // killed: who asked, free text
  ReplicaVersion version = -1;  // its last allocation version
  std::int64_t restarts = 0;
  std::shared_ptr<const JobSpec> spec;  // null once collected
  bool collected() const { return spec == nullptr; }

  const JobId& key() const { return id; }
  bool operator==(const FinishedJob& other) const;
};

struct JobIndex {
  JobId id;
  Position submitted_at = -1;
  const JobId& key() const { return id; }
  bool operator==(const JobIndex&) const = default;
};

// Until which of a writer's entries the log has been applied; a later entry with a sequence number up to this one is
// the second copy of an ambiguous create.
struct Writer {
  GroupId id;
  std::int64_t seq = -1;
  Position position = -1;  // of its last entry
  const GroupId& key() const { return id; }
  bool operator==(const Writer&) const = default;
};

// --- the scheduler's index: derived from the rest, kept up to date so that a pass need not look at every peer ---

struct IdlePeer {
  PeerId id;
  const PeerId& key() const { return id; }
  bool operator==(const IdlePeer&) const = default;
};

// The schedulable peers that can run the same things.
struct Pool {
  Capability capability;
  std::int64_t peers = 0;     // all of them
  OrderedMap<IdlePeer> idle;  // those on no task

  bool operator==(const Pool&) const = default;
};

// What the scheduler found about a live job when it looked at it last, so that a pass looks closely only at jobs that change.
struct Standing {
  Position job = -1;
  std::int64_t lower = 0;  // the least it can run with, and the most it can use
  std::int64_t upper = 0;
  std::int64_t settled =
      -1;  // its seats are how so many peers spread over its tasks; -1: not known
  bool follows_seats = false;  // the bounds depend on the seats it has
  bool colocated = false;
};

// --- the whole ---

// From the log parameters: the same for everyone in the tenancy.
struct Parameters {
  JobScheduler job_scheduler = JobScheduler::balanced;
  int log_version = kLogVersion;
  std::int64_t tombstones_max = 10'000;  // finished jobs remembered after gc

  bool operator==(const Parameters&) const = default;
};

struct Replica {
  Position version = -1;  // of the last entry applied
  Cow<Parameters> parameters;

  Cow<Membership> membership;
  OrderedMap<Group> groups;
  OrderedMap<Peer> peers;
  OrderedMap<Writer> writers;

  OrderedMap<Job> jobs;            // live, in submission order
  OrderedMap<JobIndex> job_index;  // id → submitted_at, live jobs
  OrderedMap<FinishedJob> finished;
  // The last gc that forgot groups; the next to do so forgets those that had left before it.
  Position collected_at = -1;
  std::int64_t collected_at_ms = 0;

  Cow<std::vector<Pool>> pools;
  Cow<std::vector<Requirement>> requirements;
  Cow<std::vector<Standing>> standings;  // the scheduler's, in the order of jobs; empty: not known

  // Equal as clusters: what the log says, without the scheduler's index.
  bool operator==(const Replica& other) const;
};

Replica base_replica(const Parameters& parameters);

}  // namespace onyx::replica
