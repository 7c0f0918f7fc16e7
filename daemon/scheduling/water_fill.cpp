#include "daemon/scheduling/water_fill.h"

#include <algorithm>

namespace onyx::scheduling {

namespace {

// What it takes to raise everyone to `level`, as far as capacity goes.
std::int64_t needed(std::span<const Vessel> vessels, std::int64_t level) {
  std::int64_t units = 0;
  for (const Vessel& vessel : vessels) {
    units += std::max<std::int64_t>(0, std::min(level, vessel.capacity) - vessel.level);
  }
  return units;
}

// The highest level that everyone can be raised to.
std::int64_t common_level(std::span<const Vessel> vessels, std::int64_t units) {
  std::int64_t low = vessels.front().level;
  std::int64_t high = 0;
  std::int64_t sum = units;
  for (const Vessel& vessel : vessels) {
    low = std::min(low, vessel.level);
    high = std::max(high, vessel.level);
    sum += vessel.level;
  }
  high += units;  // nobody can rise above this
  const auto look_at = [&](std::int64_t level) {
    if (needed(vessels, level) <= units) {
      low = level;
    } else {
      high = level - 1;
    }
  };
  // With nobody full and nobody above it, it is the average.
  const std::int64_t average = sum / static_cast<std::int64_t>(vessels.size());
  for (const std::int64_t level : {average, average + 1}) {
    if (low < level && level <= high) look_at(level);
  }
  while (low < high) look_at(low + (high - low + 1) / 2);
  return low;
}

}  // namespace

std::int64_t water_fill(std::span<Vessel> vessels, std::int64_t units) {
  if (vessels.empty() || units <= 0) return std::max<std::int64_t>(0, units);
  const std::int64_t level = common_level(vessels, units);
  for (Vessel& vessel : vessels) {
    const std::int64_t target = std::min(level, vessel.capacity);
    if (target <= vessel.level) continue;
    units -= target - vessel.level;
    vessel.level = target;
  }
  // Not enough for another whole level: one each to the first of those that stand at it.
  for (Vessel& vessel : vessels) {
    if (units == 0) break;
    if (vessel.level == level && vessel.level < vessel.capacity) {
      ++vessel.level;
      --units;
    }
  }
  return units;
}

}  // namespace onyx::scheduling
