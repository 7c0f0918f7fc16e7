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
  no_peers,        // the cluster has no schedulable peer
  missing_plugin,  // no group, or too few peers, have a plugin it needs
  missing_tags,    // too few peers have a task's tags
  too_few_peers,   // the cluster is smaller than its minimum
  no_percentage,   // the percentage job scheduler, and those before it use up the whole
  held_by_others,  // there would be enough, but other jobs have them
  unplaceable,     // enough in number, but tags, plugins or sites do not work out together
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
  bool operator==(const TaskNeed&) const = default;
};

struct Holder {
  JobId job;
  std::string name;
  std::int64_t peers = 0;
  std::int64_t least = 0;  // its own minimum
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
  std::int64_t qualified = 0;  // may run at least one of its tasks
  std::int64_t groups = 0;     // joined
  std::int64_t ahead = 0;      // live jobs submitted before it
  std::vector<TaskNeed> tasks;
  std::vector<Holder> holders;  // live jobs with peers, those with the most first
  std::string why;              // killed: the reason that was given
  std::int64_t restarts = 0;
  bool operator==(const Explanation&) const = default;
};

Explanation explain(const replica::Replica& replica, const JobId& job);

// A few lines for people: what, the numbers behind it, what helps.
std::string explain_text(const Explanation& explanation);

}  // namespace onyx::scheduling
