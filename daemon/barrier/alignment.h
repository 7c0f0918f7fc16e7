// The upstreams of one task peer, and which of them have brought the next barrier.
//
//                    accept(barrier e+1)                    all blocked
//      open ───────────────────────────▶ blocked ──────────────────────▶ aligned
//       ▲                                                                   │ pass(): epoch e+1, everything open
//       └───────────────────────────────────────────────────────────────────┘
//
// Shape:   an upstream is its index in the peer's channels; an input task has one, the coordinator. While an upstream is
//          blocked nothing more is read from it, so nothing from beyond a barrier is seen before the barrier is passed.
// Thread:  the task's.
// Source:  spec of barriers, 4.1 and 12.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/ids.h"
#include "daemon/barrier/barrier.h"

namespace onyx::barrier {

class Alignment {
 public:
  enum class Verdict : std::uint8_t {
    blocked,     // taken; this upstream waits for the others
    stale,       // of an older version: drop it
    early,       // of a newer version: leave it unread until the replica has caught up
    misaligned,  // not the next epoch, or a second barrier from a blocked upstream: the peer must fail
  };

  // A new allocation: every upstream open, epoch -1.
  void reset(ReplicaVersion version, std::size_t upstreams);

  Verdict accept(std::size_t upstream, const Barrier& barrier);

  ReplicaVersion version() const { return version_; }
  Epoch epoch() const { return epoch_; }  // of the last barrier passed; -1 before recovery
  bool is_blocked(std::size_t upstream) const { return blocked_[upstream]; }
  bool is_aligned() const { return waiting_ == 0 && !blocked_.empty(); }

  // What goes on downstream when aligned: sealing and checkpoint only if every upstream said so, the least watermark
  // of each source that every upstream knows.
  const Barrier& aligned() const { return merged_; }

  // The barrier has been passed on. Only when aligned.
  Barrier pass();

 private:
  ReplicaVersion version_ = -1;
  Epoch epoch_ = -1;         // barriers carry epoch_ + 1
  std::size_t waiting_ = 0;  // upstreams that are not blocked
  std::vector<bool> blocked_;
  Barrier merged_;  // of the blocked ones
};

}  // namespace onyx::barrier
