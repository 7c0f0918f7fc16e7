// Peers of a group: schedulable at once when the group has joined, orphans until then.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/coordination/join_ring.h"
#include "daemon/replica/index.h"

namespace onyx::coordination {

Change apply(const AddVirtualPeers& command, Applying& a) {
  if (a.replica.membership->left.contains(command.group)) {
    return Rejected{Refusal::stale, fmt::format("group {} has left", command.group.text())};
  }
  if (const replica::Group* group = a.replica.groups.find(command.group);
      group != nullptr && group->drained) {
    return Rejected{Refusal::invalid, fmt::format("group {} is drained", command.group.text())};
  }
  PeersAdded added{.group = command.group};
  for (const PeerId& id : command.peers) {
    if (!a.replica.peers.contains(id)) added.peers.push_back(id);
  }
  std::sort(added.peers.begin(), added.peers.end());
  added.peers.erase(std::unique(added.peers.begin(), added.peers.end()), added.peers.end());
  if (added.peers.empty()) {
    return Rejected{Refusal::known,
                    fmt::format("the peers of group {} are known already", command.group.text())};
  }
  replica::Group& group = group_record(a.replica, command.group);
  added.schedulable = group.joined;
  for (const PeerId& id : added.peers) {
    group.peers.insert(std::upper_bound(group.peers.begin(), group.peers.end(), id), id);
    replica::add_peer(
        a.replica, {.id = id, .group = command.group, .site = command.site, .tags = command.tags},
        group);
  }
  a.reschedule = added.schedulable;
  return added;
}

}  // namespace onyx::coordination
