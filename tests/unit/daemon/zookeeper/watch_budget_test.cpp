#include "daemon/zookeeper/client/watch_budget.h"

#include <catch2/catch.hpp>

namespace onyx::zookeeper {

TEST_CASE("watch budget: as many paths as are allowed, and no more until one has fired",
          "[session][watches]") {
  WatchBudget budget;
  for (std::size_t n = 0; n < kWatchesMax; ++n) REQUIRE(budget.admit("/" + std::to_string(n)));
  CHECK(budget.count() == kWatchesMax);
  CHECK_FALSE(budget.admit("/more"));
  CHECK(budget.admit("/7"));
  CHECK(budget.count() == kWatchesMax);
  budget.fired("/7");
  CHECK(budget.admit("/more"));
  CHECK_FALSE(budget.admit("/7"));
}

TEST_CASE("watch budget: as many bytes as are allowed, to the byte", "[session][watches]") {
  WatchBudget budget;
  REQUIRE(budget.admit(std::string(kWatchBytesMax - 2, 'x')));
  CHECK_FALSE(budget.admit("/ab"));
  CHECK(budget.admit("/a"));
  CHECK(budget.bytes() == kWatchBytesMax);
  CHECK_FALSE(budget.admit("/"));
  budget.fired("/a");
  CHECK(budget.bytes() == kWatchBytesMax - 2);
}

TEST_CASE("watch budget: what was never there takes nothing away", "[session][watches]") {
  WatchBudget budget;
  budget.fired("/a");
  CHECK(budget.count() == 0);
  CHECK(budget.bytes() == 0);
}

}  // namespace onyx::zookeeper
