// What the daemons of one job tell each other beside its channels: towards the coordinator, and from it.
//
// Shape:   a PeerStatus is the last word of one peer, whatever came before it. A barrier to inject goes to every input
//          of the job on the receiving daemon, a publication to every peer there.
// Source:  spec of barriers, 5; every peer reports to the coordinator directly, so nothing is merged on the way.
#pragma once

#include <variant>

#include "common/base/ids.h"
#include "daemon/barrier/barrier.h"

namespace onyx::messaging {

struct PeerStatus {
  TaskId task;
  SlotId slot = 0;
  Epoch epoch = -1;        // last barrier passed on
  bool drained = false;    // its input has ended and everything read is passed on
  bool sealed = false;     // the sealing barrier has passed
  bool published = false;  // so has what came of it
  bool operator==(const PeerStatus&) const = default;
};

struct Inject {
  barrier::Barrier barrier;
  bool operator==(const Inject&) const = default;
};

struct Publish {
  Epoch epoch = -1;
  bool operator==(const Publish&) const = default;
};

using JobMessage = std::variant<PeerStatus, Inject, Publish>;

}  // namespace onyx::messaging
