// Phase 1 of joining: the first group joins at once; any other is given an observer, or has to try again.
#include <fmt/format.h>

#include "daemon/coordination/join_ring.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

Change apply(const PrepareJoinCluster& command, Applying& a) {
  const GroupId& joiner = command.joiner;
  const replica::Membership& ring = *a.replica.membership;
  if (ring.left.contains(joiner)) {
    return Rejected{Refusal::stale, fmt::format("group {} has left", joiner.text())};
  }
  if (replica::is_joined(a.replica, joiner)) {
    return Rejected{Refusal::known, fmt::format("group {} has joined", joiner.text())};
  }
  if (is_joining(ring, joiner)) {
    return Rejected{Refusal::known, fmt::format("group {} is joining", joiner.text())};
  }
  replica::Group& record = group_record(a.replica, joiner);
  if (command.plugins) record.plugins = command.plugins;
  if (ring.joined.empty()) return GroupJoined{joiner, join(a, joiner)};

  const std::vector<GroupId> candidates = free_observers(ring, joiner);
  replica::Membership& changed = a.replica.membership.edit();
  if (candidates.empty()) {
    changed.aborted.try_emplace(joiner, 0);
    return JoinPrepared{joiner, std::nullopt, busy_observers(changed)};
  }
  // The position is the only entropy that all replicas share.
  const auto choice = static_cast<std::size_t>(a.entry.position) % candidates.size();
  changed.prepared.emplace(candidates[choice], joiner);
  changed.aborted.erase(joiner);
  return JoinPrepared{joiner, candidates[choice], {}};
}

void respond(const PrepareJoinCluster& command, const Responding& r) {
  // Declared dead before it asked, and the entry that said so was collected before it could read it.
  if (command.joiner == r.self.group && r.now.membership->left.contains(command.joiner)) {
    r.perform(RestartGroup{});
    return;
  }
  const auto* prepared = std::get_if<JoinPrepared>(&r.diff.change);
  if (prepared == nullptr) return;
  if (prepared->observer == r.self.group) r.react(NotifyJoinCluster{command.joiner});
  if (prepared->observer || command.joiner != r.self.group) return;
  r.react(AbortJoinCluster{command.joiner});
  // Everyone is busy; one of them may be dead without anybody having said so.
  if (!prepared->busy.empty()) {
    const auto choice = static_cast<std::size_t>(r.entry.position) % prepared->busy.size();
    r.perform(ProbePulse{prepared->busy[choice]});
  }
}

}  // namespace onyx::coordination
