// Liveness of the peers that one peer exchanges segments with, judged from what was last heard of them.
//
// Shape:   one entry per peer of the current allocation; reset() when the version changes. Any message counts.
// Units:   instants of the monotonic clock.
// Thread:  the owner's.
// Source:  spec of barriers, 6; here the time is an argument.
#pragma once

#include <chrono>
#include <map>
#include <vector>

#include "common/base/clock.h"
#include "common/base/ids.h"

namespace onyx::barrier {

class Liveness {
 public:
  explicit Liveness(std::chrono::milliseconds timeout) : timeout_(timeout) {}

  // The peers to watch from now on; all of them count as heard at `now`.
  void reset(const std::vector<PeerId>& peers, Instant now);

  // A peer that is not watched is ignored.
  void heard(const PeerId& peer, Instant at);

  // Peers whose last sign of life plus the timeout lies strictly before `now`, by id.
  std::vector<PeerId> timed_out(Instant now) const;

 private:
  std::chrono::milliseconds timeout_;
  std::map<PeerId, Instant> last_heard_;
};

}  // namespace onyx::barrier
