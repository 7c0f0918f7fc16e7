// A group is gone, or goes: its peers leave their tasks, the ring closes over it, whom it was bringing in starts again.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/coordination/join_ring.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

namespace {

std::vector<GroupId> leave_joining(replica::Membership& ring, const GroupId& group) {
  std::vector<GroupId> aborted;
  for (auto* joining : {&ring.prepared, &ring.accepted}) {
    if (const auto as_observer = joining->find(group); as_observer != joining->end()) {
      aborted.push_back(as_observer->second);
      joining->erase(as_observer);
    }
    if (const auto observer = observer_in(*joining, group)) joining->erase(*observer);
  }
  for (const GroupId& joiner : aborted) ring.aborted.try_emplace(joiner, 0);
  ring.aborted.erase(group);
  return aborted;
}

void close_ring(replica::Membership& ring, const GroupId& group) {
  std::erase(ring.joined, group);
  const auto out = ring.pairs.find(group);
  if (out == ring.pairs.end()) return;
  const GroupId next = out->second;
  const auto observer = replica::observer_of(ring, group);
  ring.pairs.erase(out);
  if (!observer) return;
  if (*observer == next) {
    ring.pairs.clear();  // two groups watched each other; one alone watches nobody
  } else {
    ring.pairs[*observer] = next;
  }
}

}  // namespace

Change apply(const GroupLeaveCluster& command, Applying& a) {
  const GroupId& id = command.group;
  if (a.replica.membership->left.contains(id)) {
    return Rejected{Refusal::known, fmt::format("group {} has left", id.text())};
  }
  GroupLeft left{.group = id};
  if (const replica::Group* group = a.replica.groups.find(id)) left.peers = group->peers;
  for (const PeerId& peer : left.peers) kill_by_flux(a, peer);
  for (const PeerId& peer : left.peers) remove_peer(a, peer);
  a.replica.groups.erase(id);
  replica::Membership& ring = a.replica.membership.edit();
  left.aborted_joiners = leave_joining(ring, id);
  close_ring(ring, id);
  ring.left.emplace(id, a.entry.position);
  return left;
}

void respond(const GroupLeaveCluster& command, const Responding& r) {
  const auto* left = std::get_if<GroupLeft>(&r.diff.change);
  if (command.group == r.self.group) {
    r.perform(RestartGroup{});
    return;
  }
  if (left == nullptr) return;
  const auto& aborted = left->aborted_joiners;
  if (std::find(aborted.begin(), aborted.end(), r.self.group) != aborted.end()) {
    r.react(AbortJoinCluster{r.self.group});
  }
}

}  // namespace onyx::coordination
