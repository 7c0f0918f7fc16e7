// Units handed out one at a time to whoever has the fewest and is not full, the earlier one on a tie; in one step.
#pragma once

#include <cstdint>
#include <span>

namespace onyx::scheduling {

struct Vessel {
  std::int64_t level = 0;     // has; afterwards: has then
  std::int64_t capacity = 0;  // takes no more than this; one with level >= capacity takes nothing
};

// Adds `units` over all vessels; what does not fit is returned.
std::int64_t water_fill(std::span<Vessel> vessels, std::int64_t units);

}  // namespace onyx::scheduling
