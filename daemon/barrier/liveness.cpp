#include "daemon/barrier/liveness.h"

#include <algorithm>

namespace onyx::barrier {

void Liveness::reset(const std::vector<PeerId>& peers, Instant now) {
  last_heard_.clear();
  for (const PeerId& peer : peers) last_heard_.emplace(peer, now);
}

void Liveness::heard(const PeerId& peer, Instant at) {
  const auto found = last_heard_.find(peer);
  if (found != last_heard_.end()) found->second = std::max(found->second, at);
}

std::vector<PeerId> Liveness::timed_out(Instant now) const {
  std::vector<PeerId> silent;
  for (const auto& [peer, at] : last_heard_) {
    if (at + timeout_ < now) silent.push_back(peer);
  }
  return silent;
}

}  // namespace onyx::barrier
