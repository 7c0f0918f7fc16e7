// The idle peers at hand while a placement is worked out, pool by pool, the smallest id first: those of the replica, and
// those that tasks have released.
//
// Shape:   first every release(), then ready(), then take() as often as wanted. Ids point into the replica, which does not
//          change meanwhile.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "common/base/ids.h"
#include "daemon/scheduling/placement/colocation.h"
#include "daemon/scheduling/problem.h"

namespace onyx::scheduling {

// A peer that a task has.
struct Held {
  const PeerId* id = nullptr;
  std::size_t pool = 0;
};

inline bool by_id(const Held& a, const Held& b) { return *a.id < *b.id; }

class Hand {
 public:
  Hand(const Problem& problem, const Colocation& colocation);

  std::size_t pools() const { return pools_.size(); }
  std::size_t pool_of(const PeerId& id) const;
  bool is_taken(const PeerId& id) const {  // by a colocated job
    return !colocation_.taken.empty() && colocation_.taken.contains(id);
  }

  void release(const PeerId& id);
  void ready();

  // The smallest idle peer that may run such a task; it is idle no more.
  std::optional<Held> take(std::int32_t requirement);
  bool any() const;  // is idle, whatever it may run

 private:
  struct Pool {
    replica::OrderedMap<replica::IdlePeer>::Iterator idle;
    replica::OrderedMap<replica::IdlePeer>::Iterator idle_end;
    std::vector<const PeerId*> released;
    std::size_t next_released = 0;

    const PeerId* head() const;
    void pop();
  };

  const Problem& problem_;
  const Colocation& colocation_;
  std::vector<Pool> pools_;
};

}  // namespace onyx::scheduling
