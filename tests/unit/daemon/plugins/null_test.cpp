#include "daemon/plugins/null/null_output.h"

#include <catch2/catch.hpp>

#include "daemon/plugins/function/function_output.h"
#include "tests/unit/daemon/plugins/fixture.h"

namespace onyx::plugins {
namespace {

TEST_CASE("null output: takes everything and counts it", "[plugins][null]") {
  auto output = null_output_kind().make_output(context()).value();
  REQUIRE(output->recover(1, {}).has_value());
  std::vector<edn::Value> batch = values("[{:a 1} {:a 2}]");
  CHECK(output->write(batch).value() == Wrote::all);
  CHECK(batch.empty());
  CHECK(output->progress().records == 2);
  CHECK(output->synced(0).value());
  CHECK(output->checkpointed(1).value());
  REQUIRE(output->recover(2, {}).has_value());
  CHECK(output->progress().records == 0);
}

TEST_CASE("leaf function: without a function it is refused with what to do",
          "[plugins][function]") {
  CHECK(function_output_kind().make_output(context("{:onyx/fn :a/b}")).has_value());
  const auto refused = function_output_kind().make_output(context());
  REQUIRE_FALSE(refused.has_value());
  CHECK_THAT(refused.error().message(), Catch::Contains("no :onyx/fn"));
}

}  // namespace
}  // namespace onyx::plugins
