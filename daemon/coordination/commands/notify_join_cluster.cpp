// Phase 2 of joining: the observer watches the joiner; the joiner learns whom it will watch.
#include <fmt/format.h>

#include "daemon/coordination/join_ring.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

Change apply(const NotifyJoinCluster& command, Applying& a) {
  const replica::Membership& ring = *a.replica.membership;
  const auto observer = observer_in(ring.prepared, command.joiner);
  if (!observer) {
    return Rejected{Refusal::stale,
                    fmt::format("group {} is not being prepared", command.joiner.text())};
  }
  replica::Membership& changed = a.replica.membership.edit();
  changed.prepared.erase(*observer);
  changed.accepted.emplace(*observer, command.joiner);
  const auto watched = changed.pairs.find(*observer);
  return JoinAccepted{command.joiner, *observer,
                      watched == changed.pairs.end() ? *observer : watched->second};
}

void respond(const NotifyJoinCluster& command, const Responding& r) {
  if (command.joiner != r.self.group) return;
  if (const auto* accepted = std::get_if<JoinAccepted>(&r.diff.change)) {
    r.react(AcceptJoinCluster{.observer = command.joiner,
                              .subject = accepted->subject,
                              .accepted_observer = accepted->observer,
                              .accepted_joiner = accepted->joiner});
    return;
  }
  const bool is_over = !replica::is_joined(r.now, command.joiner) &&
                       !is_joining(*r.now.membership, command.joiner) &&
                       !r.now.membership->left.contains(command.joiner);
  if (is_over) r.react(AbortJoinCluster{command.joiner});
}

}  // namespace onyx::coordination
