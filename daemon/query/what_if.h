// What would become of the cluster if these entries stood in the log next: the real apply(), on a copy of the replica.
//
// Shape:   the commands are applied in order, each on what the one before has left. Nothing is written anywhere.
// Errors:  failed_precondition (NET-44) for a command that the log would reject, with its number and the reason.
// Thread:  pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/base/result.h"
#include "daemon/coordination/diff.h"
#include "daemon/coordination/entry.h"
#include "daemon/replica/queries.h"
#include "daemon/replica/replica.h"
#include "daemon/scheduling/explain.h"

namespace onyx::query {

struct WhatIf {
  replica::Replica after;
  std::vector<coordination::Diff> diffs;  // one a command
};
Result<WhatIf> what_if(const replica::Replica& now,
                       const std::vector<coordination::Command>& commands);

// --- the difference, by job and by peer ---

struct TaskFate {
  TaskId task;
  std::int64_t before = 0;  // peers
  std::int64_t after = 0;
};
struct JobFate {
  JobId job;
  std::string name;
  std::optional<replica::JobState> before;  // none: not there yet
  replica::JobState after = replica::JobState::waiting;
  std::int64_t peers_before = 0;
  std::int64_t peers_after = 0;
  bool starts_over = false;  // it runs before and after, with another allocation
  std::vector<TaskFate> tasks;
  scheduling::Explanation why;  // of what it is afterwards
};
// Every job that is live before or after, in the order of submission.
std::vector<JobFate> fates_of_jobs(const replica::Replica& before, const replica::Replica& after);

struct PeerFate {
  PeerId peer;
  GroupId group;
  bool comes = false;  // is not there before
  bool leaves = false;
  std::optional<replica::Place> before;  // none: idle
  std::optional<replica::Place> after;
};
// Every peer that comes, leaves, or works elsewhere, by id.
std::vector<PeerFate> fates_of_peers(const replica::Replica& before, const replica::Replica& after);

}  // namespace onyx::query
