// Phase 3 of joining: the joiner is stitched in between its observer and whomever that watches now.
#include <fmt/format.h>

#include "daemon/coordination/join_ring.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

Change apply(const AcceptJoinCluster& command, Applying& a) {
  const GroupId& joiner = command.accepted_joiner;
  const replica::Membership& ring = *a.replica.membership;
  if (replica::is_joined(a.replica, joiner)) {
    return Rejected{Refusal::known, fmt::format("group {} has joined", joiner.text())};
  }
  const auto accepted = ring.accepted.find(command.accepted_observer);
  if (accepted == ring.accepted.end() || accepted->second != joiner) {
    return Rejected{Refusal::stale, fmt::format("group {} is not bringing in {}",
                                                command.accepted_observer.text(), joiner.text())};
  }
  // Whom the observer watches now, not when it was told: that group may have left since.
  const GroupId observer = command.accepted_observer;
  replica::Membership& changed = a.replica.membership.edit();
  const auto watched = changed.pairs.find(observer);
  const GroupId target = watched == changed.pairs.end() ? observer : watched->second;
  changed.pairs[observer] = joiner;
  changed.pairs[joiner] = target;
  changed.accepted.erase(observer);
  return GroupJoined{joiner, join(a, joiner)};
}

void respond(const AcceptJoinCluster& command, const Responding& r) {
  const bool is_over = r.diff.rejected() != nullptr && command.accepted_joiner == r.self.group &&
                       !replica::is_joined(r.now, r.self.group) &&
                       !is_joining(*r.now.membership, r.self.group) &&
                       !r.now.membership->left.contains(r.self.group);
  if (is_over) r.react(AbortJoinCluster{r.self.group});
}

}  // namespace onyx::coordination
