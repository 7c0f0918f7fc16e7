// Questions about a replica that more than one folder asks.
//
// Thread:  pure functions; pointers point into the replica.
#pragma once

#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "daemon/replica/replica.h"

namespace onyx::replica {

const Job* find_job(const Replica& replica, const JobId& id);
// waiting or running for a live job, completed or killed for a finished one (also a tombstone), none for an unknown id.
std::optional<JobState> state_of(const Replica& replica, const JobId& id);

// The index of the task in the job's topological order, or -1.
int task_index(const JobSpec& spec, const TaskId& task);

std::optional<Place> place_of(const Replica& replica, const PeerId& peer);
std::int64_t peers_of(const Job& job);  // peers it has on all tasks
const std::vector<PeerId>& peers_of(const Job& job,
                                    const TaskId& task);  // by slot; empty for an unknown task
std::string_view site_of(const Replica& replica, const PeerId& peer);  // empty when unknown
// The machine of a site, and its addresses. Without a blank in it, a site is both.
std::string_view host_of(std::string_view site);
std::string_view addresses_of(std::string_view site);
std::optional<GroupId> group_of(const Replica& replica, const PeerId& peer);
std::vector<TaskId> ingress_of(const JobSpec& spec,
                               const TaskId& task);  // tasks upstream, topological order

bool is_joined(const Replica& replica, const GroupId& group);
std::int64_t schedulable_peers(const Replica& replica);
std::int64_t idle_peers(const Replica& replica);

// Whether a peer with this capability may run a task with this requirement.
bool qualifies(const Capability& capability, const Requirement& requirement);
Requirement requirement_of(const TaskSpec& task);

// --- the ring ---

std::optional<GroupId> observer_of(const Membership& ring,
                                   const GroupId& watched);  // who watches it
// Whose pulse this group has to watch: its successor, the joiners it is bringing in, its own observer while joining, and
// the groups that are known but neither joined nor being brought in, if it is the next in the order of ids to theirs.
std::set<GroupId> watched_by(const Replica& replica, const GroupId& group);

// --- channels ---

// One way from a peer (or the job's coordinator) to a task; the address of a message is (job, version, short id).
struct Route {
  TaskId task;                 // destination
  std::optional<PeerId> from;  // none: the coordinator
  SlotId slot = -1;            // a grouped task that is no input: the slot; else -1, any peer

  auto operator<=>(const Route&) const = default;
};
// All routes of a job; the index is the short id. Empty without an allocation.
std::vector<Route> routes_of(const Job& job);

}  // namespace onyx::replica
