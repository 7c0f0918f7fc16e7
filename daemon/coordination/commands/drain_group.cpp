// A group gives all its peers away at once and stays: whoever works there works elsewhere from this entry on.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/coordination/join_ring.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

Change apply(const DrainGroup& command, Applying& a) {
  const replica::Group* known = a.replica.groups.find(command.group);
  if (known == nullptr) {
    return Rejected{Refusal::unknown, fmt::format("no group {}", command.group.text())};
  }
  if (known->drained && !command.stop) {
    return Rejected{Refusal::known,
                    fmt::format("group {} is drained already", command.group.text())};
  }
  GroupDrained drained{.group = command.group, .peers = known->peers, .stop = command.stop};
  if (!known->drained) {
    replica::Drained facts;
    facts.peers = std::max<std::int64_t>(command.peers.value_or(0),
                                         static_cast<std::int64_t>(drained.peers.size()));
    facts.site = command.site;
    if (facts.site.empty() && !drained.peers.empty()) {
      facts.site = replica::site_of(a.replica, drained.peers.front());
    }
    a.replica.groups.edit(command.group)->drained = std::move(facts);
  }
  for (const PeerId& peer : drained.peers) kill_by_flux(a, peer);
  for (const PeerId& peer : drained.peers) remove_peer(a, peer);
  return drained;
}

void respond(const DrainGroup& command, const Responding& r) {
  const auto* drained = std::get_if<GroupDrained>(&r.diff.change);
  if (drained != nullptr && drained->stop && command.group == r.self.group) {
    r.perform(StopDaemon{});
  }
}

}  // namespace onyx::coordination
