// Why a job waits, or what it runs on: the numbers of the scheduler's own pass, as a value and as text.
//
// Shape:   computed from a replica alone, by the code that schedules. A waiting job has one reason, the first that applies
//          in the order of Reason.
// Source:  answers `onyxctl job why`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "daemon/replica/replica.h"

namespace onyx::scheduling {

enum class Reason : std::uint8_t {
  unknown,  // no such job, now or remembered
  completed,
  killed,
  running,
  no_peers,        // the cluster has no peers
  missing_plugin,  // no group, or too few peers, have a plugin it needs
  missing_tags,    // too few peers have a task's tags
  missing_both,    // a task's tags are there, and its plugin, but not on the same peers
  not_joined,      // there would be enough, but their groups have not joined yet
  drained,         // there would be enough, but their groups are drained
  too_few_peers,   // the cluster is smaller than its minimum
  no_machine,      // colocated, and no machines can hold the chunks that it needs
  unplaceable,    // alone in the cluster it would not run: tags or plugins do not work out together
  no_percentage,  // the percentage job scheduler, and those before it use up the whole
  percentage_too_small,  // its percentage does not come to its minimum, and the others leave too little
  held_by_others,        // alone in the cluster it would run
};

struct TaskNeed {
  TaskId task;
  std::int64_t min = 1;
  std::int64_t has = 0;
  std::int64_t qualified = 0;     // peers in the cluster that may run it
  std::int64_t idle = 0;          // of those, on no task
  std::vector<std::string> tags;  // it requires
  std::string plugin;             // it requires; empty: none
  bool lacks_tags = false;        // too few peers have these tags
  bool lacks_plugin = false;      // too few peers have this plugin
  bool lacks_both = false;        // too few peers have both, though enough have each
  bool operator==(const TaskNeed&) const = default;
};

struct Holder {
  JobId job;
  std::string name;
  std::int64_t peers = 0;
  std::int64_t least = 0;   // its own minimum
  std::int64_t pinned = 0;  // on tasks with flux policy :kill, which keep what they have
  bool operator==(const Holder&) const = default;
};

struct Explanation {
  JobId job;
  Reason reason = Reason::unknown;
  replica::JobScheduler job_scheduler = replica::JobScheduler::balanced;
  std::int64_t needs = 0;  // least peers it can run with
  std::int64_t has = 0;
  std::int64_t offered = 0;  // what the job scheduler gives it
  std::int64_t peers = 0;    // schedulable in the cluster
  std::int64_t idle = 0;
  std::int64_t qualified = 0;   // may run at least one of its tasks
  std::int64_t groups = 0;      // joined
  std::int64_t ahead = 0;       // live jobs submitted before it
  std::int64_t not_joined = 0;  // peers of groups that have not joined
  std::int64_t drained = 0;     // peers that drained groups will bring back
  std::vector<GroupId> drained_groups;
  std::int64_t machine_peers = 0;    // schedulable on the machine that has the most
  std::int64_t percentage_ppm = 0;   // percentage job scheduler: its own
  std::int64_t percentage_used = 0;  // of the jobs that are served before it
  std::vector<TaskNeed> tasks;
  std::vector<Holder> holders;  // live jobs with peers, those with the most first
  std::string why;              // killed: the reason that was given; running: of the last failure
  std::int64_t restarts = 0;
  std::int64_t failures = 0;
  bool operator==(const Explanation&) const = default;
};

Explanation explain(const replica::Replica& replica, const JobId& job);

}  // namespace onyx::scheduling
