#include "daemon/coordination/join_ring.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/base/check.h"
#include "daemon/coordination/end_job.h"
#include "daemon/replica/index.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

using replica::Group;
using replica::Membership;
using replica::Peer;
using replica::Replica;

std::vector<GroupId> busy_observers(const Membership& ring) {
  std::set<GroupId> busy;
  for (const auto* joining : {&ring.prepared, &ring.accepted}) {
    for (const auto& [observer, joiner] : *joining) busy.insert(observer);
  }
  // Whoever watches a preparing observer would lose its successor to the joiner's.
  for (const auto& [observer, subject] : ring.pairs) {
    if (ring.prepared.contains(subject)) busy.insert(observer);
  }
  return {busy.begin(), busy.end()};
}

std::vector<GroupId> free_observers(const Membership& ring, const GroupId& joiner) {
  const std::vector<GroupId> busy = busy_observers(ring);
  std::vector<GroupId> free;
  for (const GroupId& group : ring.joined) {
    if (group != joiner && !std::binary_search(busy.begin(), busy.end(), group)) {
      free.push_back(group);
    }
  }
  std::sort(free.begin(), free.end());
  return free;
}

std::optional<GroupId> observer_in(const std::map<GroupId, GroupId>& joining,
                                   const GroupId& joiner) {
  for (const auto& [observer, other] : joining) {
    if (other == joiner) return observer;
  }
  return std::nullopt;
}

bool is_joining(const Membership& ring, const GroupId& joiner) {
  return observer_in(ring.prepared, joiner) || observer_in(ring.accepted, joiner);
}

Group& group_record(Replica& replica, const GroupId& id) {
  if (Group* group = replica.groups.edit(id)) return *group;
  replica.groups.put({.id = id});
  return *replica.groups.edit(id);
}

std::vector<PeerId> join(Applying& a, const GroupId& id) {
  Membership& ring = a.replica.membership.edit();
  ring.joined.push_back(id);
  ring.aborted.erase(id);
  Group& group = group_record(a.replica, id);
  group.joined = true;
  const std::vector<PeerId> peers = group.peers;
  for (const PeerId& peer : peers) replica::enter_pool(a.replica, peer);
  a.reschedule = true;
  return peers;
}

void remove_peer(Applying& a, const PeerId& id) {
  const Peer* peer = a.replica.peers.find(id);
  if (peer == nullptr) return;
  const GroupId group_id = peer->group;
  scheduling::unseat(a.replica, a.delta, id);
  auto& before = a.delta.peers[id];
  before.group = group_id;
  before.now = nullptr;
  replica::leave_pool(a.replica, id);
  a.replica.peers.erase(id);
  Group* group = a.replica.groups.edit(group_id);
  ONYX_CHECK(group != nullptr, "peer {} of group {}", id.text(), group_id.text());
  std::erase(group->peers, id);
  a.reschedule = true;
}

void kill_by_flux(Applying& a, const PeerId& id) {
  const Peer* peer = a.replica.peers.find(id);
  if (peer == nullptr || !peer->seat) return;
  const replica::Job& job = *a.replica.jobs.find(peer->seat->job);
  const auto& task = job.spec->tasks[static_cast<std::size_t>(peer->seat->task)];
  if (task.flux != replica::FluxPolicy::kill) return;
  end_job(
      a, job.id, replica::JobState::killed,
      fmt::format("task {} lost peer {}, and its flux policy is :kill", task.id.text(), id.text()),
      "scheduler");
}

}  // namespace onyx::coordination
