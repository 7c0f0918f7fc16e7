// What a peer reports to each of its upstreams, and how reports are merged on their way to the coordinator.
//
// Shape:   min_epoch is the least epoch of the peer and of everything below it; so the coordinator, which hears only the
//          input peers, knows when a barrier is through. A status is sent when the peer passes a barrier and whenever
//          min_epoch, checkpointing or drained change.
// Source:  spec of barriers, 5.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "common/base/ids.h"

namespace onyx::barrier {

struct Status {
  ReplicaVersion version = -1;
  Epoch epoch = -1;
  Epoch min_epoch = -1;        // <= epoch
  bool checkpointing = false;  // the sender, or anyone below it, is still writing a snapshot
  bool drained = false;        // the sender only: its input has ended and nothing waits to be sent

  bool operator==(const Status&) const = default;
};

// drained by and; checkpointing by or; version and epochs by minimum.
Status merge(const Status& a, const Status& b);

// The last reports of the peers below one sender.
//
// Thread:  the task's, or the coordinator's.
class StatusBoard {
 public:
  enum class Verdict : unsigned char {
    taken,
    ignored,     // of another version
    misaligned,  // its epoch is neither the last one reported nor the next: the peer must fail
  };

  // A new allocation: nobody has reported.
  void reset(ReplicaVersion version, std::size_t peers);

  Verdict take(std::size_t peer, const Status& status);

  // None until everyone has reported; for nobody below, none as well.
  std::optional<Status> merged() const;
  bool all_drained() const;  // everyone has reported, drained
  // The least min_epoch below, for the sender's own report: -1 while someone has not reported.
  Epoch min_epoch() const;
  bool checkpointing() const;
  std::size_t peers() const { return reports_.size(); }

 private:
  ReplicaVersion version_ = -1;
  std::vector<std::optional<Status>> reports_;
};

// The report of a peer at `epoch` with these below it (nobody: a task at the end).
Status report(ReplicaVersion version, Epoch epoch, bool checkpointing, bool drained,
              const StatusBoard& below);

}  // namespace onyx::barrier
