// One peer leaves: because its group takes it away, or because somebody evicts it.
#include <fmt/format.h>

#include "daemon/coordination/join_ring.h"

namespace onyx::coordination {

Change apply(const LeaveCluster& command, Applying& a) {
  const replica::Peer* peer = a.replica.peers.find(command.peer);
  if (peer == nullptr) {
    return Rejected{Refusal::unknown, fmt::format("no peer {}", command.peer.text())};
  }
  const PeerLeft left{command.peer, peer->group};
  kill_by_flux(a, command.peer);
  remove_peer(a, command.peer);
  return left;
}

void respond(const LeaveCluster& command, const Responding& r) {
  const auto* left = std::get_if<PeerLeft>(&r.diff.change);
  if (left != nullptr && left->group == r.self.group) r.perform(RestartPeer{command.peer});
}

}  // namespace onyx::coordination
