#include "daemon/scheduling/water_fill.h"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace onyx::scheduling;

namespace {

// The definition, one unit at a time.
std::int64_t one_by_one(std::vector<Vessel>& vessels, std::int64_t units) {
  for (; units > 0; --units) {
    Vessel* fewest = nullptr;
    for (Vessel& v : vessels) {
      if (v.level < v.capacity && (fewest == nullptr || v.level < fewest->level)) fewest = &v;
    }
    if (fewest == nullptr) break;
    ++fewest->level;
  }
  return units;
}

}  // namespace

TEST_CASE("water fill: gives what handing out one by one gives", "[scheduling]") {
  std::mt19937 random(3);
  for (int round = 0; round < 5'000; ++round) {
    std::vector<Vessel> fast;
    const int count = 1 + static_cast<int>(random() % 6);
    for (int i = 0; i < count; ++i) {
      const auto level = static_cast<std::int64_t>(random() % 5);
      fast.push_back({level, level + static_cast<std::int64_t>(random() % 6)});
    }
    std::vector<Vessel> slow = fast;
    const auto units = static_cast<std::int64_t>(random() % 20);
    REQUIRE(water_fill(fast, units) == one_by_one(slow, units));
    for (std::size_t i = 0; i < fast.size(); ++i) REQUIRE(fast[i].level == slow[i].level);
  }
}

TEST_CASE("water fill: what nobody can take is returned", "[scheduling]") {
  std::vector<Vessel> vessels = {{1, 2}, {0, 1}};
  CHECK(water_fill(vessels, 10) == 8);
  CHECK(water_fill({}, 4) == 4);
}
