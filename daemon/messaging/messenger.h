// Seam: how a task's peer hears from the peers before it and speaks to the peers after it.
//
// Shape:   a Subscriber is all of a task's upstream channels together, with barriers aligned: data of an upstream that has
//          delivered its barrier stays where it is until every upstream has. A Publisher is all channels to the peers of one
//          downstream task. Both live for one (job, replica version).
// Thread:  the worker that steps the task.
// Source:  docs/design/dataflow.md; Onyx messaging protocols.
#pragma once

#include <cstddef>
#include <vector>

#include "common/base/ids.h"
#include "common/edn/value.h"
#include "daemon/barrier/barrier.h"

namespace onyx::messaging {

enum class Heard : unsigned char {
  segments,    // some were added
  nothing,     // none now; the task is woken when there are
  barrier,     // every upstream has delivered this barrier; what follows belongs to the next epoch
  misaligned,  // an upstream brought this barrier, which is not the next one: the peer must fail
};

class Subscriber {
 public:
  virtual ~Subscriber() = default;
  // Adds at most about `limit` segments to `out` (whole messages; none holds more than the task's batch size).
  virtual Heard poll(std::size_t limit, std::vector<edn::Value>& out,
                     barrier::Barrier& barrier) = 0;
};

class Publisher {
 public:
  virtual ~Publisher() = default;
  virtual SlotId slots() const = 0;  // peers of the downstream task
  // Queues a segment for one of the peers, whichever has most room.
  virtual void put(edn::Value segment) = 0;
  // The same of each of them; `segments` is left empty.
  virtual void put_all(std::vector<edn::Value>& segments) = 0;
  // Queues a segment for the peer at `index` < slots(), for a grouped task.
  virtual void put(edn::Value segment, SlotId index) = 0;
  // Hands over what is queued, cut to the receiver's batch size. False: some is still queued, the task is woken when there is
  // room again.
  virtual bool flush() = 0;
  // Sends the barrier to every peer, after what was put before it. False: not yet to all; call again.
  virtual bool offer(const barrier::Barrier& barrier) = 0;
};

}  // namespace onyx::messaging
