#include "daemon/runtime/backlog.h"

#include <catch2/catch.hpp>

namespace onyx::runtime {

TEST_CASE("backlog: behind from half of the inbox on, until it is empty, each told once",
          "[runtime][backlog]") {
  Backlog backlog(10);
  CHECK(backlog.changed(0) == std::nullopt);
  CHECK(backlog.changed(5) == std::nullopt);
  CHECK(backlog.changed(6) == true);
  CHECK(backlog.changed(10) == std::nullopt);
  CHECK(backlog.changed(1) == std::nullopt);
  CHECK(backlog.changed(0) == false);
  CHECK(backlog.changed(0) == std::nullopt);
  CHECK(backlog.changed(7) == true);
}

}  // namespace onyx::runtime
