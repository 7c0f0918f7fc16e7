#include "daemon/scheduling/placement/placement.h"

#include "daemon/scheduling/placement/from_idle.h"
#include "daemon/scheduling/placement/with_moves.h"

namespace onyx::scheduling {

Placement place(const Problem& problem) {
  const Colocation colocation = has_colocated(problem) ? colocate(problem) : Colocation{};
  if (auto placement = place_from_idle(problem, colocation)) return std::move(*placement);
  return place_with_moves(problem, colocation);
}

}  // namespace onyx::scheduling
