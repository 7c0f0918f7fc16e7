// A joiner gives this attempt up, and tries again after a pause that grows.
#include <fmt/format.h>

#include "daemon/coordination/join_ring.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

Change apply(const AbortJoinCluster& command, Applying& a) {
  const GroupId& joiner = command.joiner;
  if (replica::is_joined(a.replica, joiner)) {
    return Rejected{Refusal::known, fmt::format("group {} has joined", joiner.text())};
  }
  if (!a.replica.groups.contains(joiner)) {
    return Rejected{Refusal::unknown, fmt::format("no group {} is joining", joiner.text())};
  }
  replica::Membership& ring = a.replica.membership.edit();
  for (auto* joining : {&ring.prepared, &ring.accepted}) {
    if (const auto observer = observer_in(*joining, joiner)) joining->erase(*observer);
  }
  return JoinAborted{joiner, ++ring.aborted[joiner]};
}

void respond(const AbortJoinCluster& command, const Responding& r) {
  const auto* aborted = std::get_if<JoinAborted>(&r.diff.change);
  if (aborted == nullptr || command.joiner != r.self.group) return;
  r.perform(AppendAfterBackOff{
      {PrepareJoinCluster{command.joiner, std::nullopt}, r.self.group.text(), r.entry.position},
      aborted->failures});
}

}  // namespace onyx::coordination
