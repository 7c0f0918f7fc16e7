#include "daemon/scheduling/water_fill.h"

#include <algorithm>

namespace onyx::scheduling {

namespace {

// What it takes to raise everyone to `level`, as far as capacity goes; stops counting beyond `enough`.
std::int64_t needed(std::span<const Vessel> vessels, std::int64_t level, std::int64_t enough) {
  std::int64_t units = 0;
  for (const Vessel& vessel : vessels) {
    units += std::max<std::int64_t>(0, std::min(level, vessel.capacity) - vessel.level);
    if (units > enough) break;
  }
  return units;
}

}  // namespace

std::int64_t water_fill(std::span<Vessel> vessels, std::int64_t units) {
  if (vessels.empty() || units <= 0) return std::max<std::int64_t>(0, units);
  std::int64_t low = vessels.front().level;
  std::int64_t high = 0;
  for (const Vessel& vessel : vessels) {
    low = std::min(low, vessel.level);
    high = std::max(high, vessel.level);
  }
  high += units;  // nobody can rise above this
  // The highest level that everyone can be raised to.
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (needed(vessels, middle, units) <= units) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  for (Vessel& vessel : vessels) {
    const std::int64_t target = std::min(low, vessel.capacity);
    if (target <= vessel.level) continue;
    units -= target - vessel.level;
    vessel.level = target;
  }
  // Not enough for another whole level: one each to the first of those that stand at it.
  for (Vessel& vessel : vessels) {
    if (units == 0) break;
    if (vessel.level == low && vessel.level < vessel.capacity) {
      ++vessel.level;
      --units;
    }
  }
  return units;
}

}  // namespace onyx::scheduling
