#include "daemon/task/messenger_output.h"

#include <catch2/catch.hpp>

#include "tests/unit/daemon/task/fixture.h"

namespace onyx::task {
namespace {

class NoFunctions final : public dataflow::Evaluator {
 public:
  dataflow::Evaluated call(dataflow::FunctionIndex, std::span<edn::Value>) override {
    return edn::Value();
  }
  std::size_t call_each(dataflow::FunctionIndex, std::span<const edn::Value>, std::span<edn::Value>,
                        dataflow::Evaluated& other) override {
    other = edn::Value();
    return 0;
  }
  std::string name_of(dataflow::FunctionIndex) const override { return "none"; }
};

struct Fixture {
  Fixture() {
    std::vector<std::unique_ptr<messaging::Publisher>> publishers;
    for (Downstream& one : below) publishers.push_back(std::make_unique<FakePublisher>(one));
    output.emplace(std::move(publishers), grouping, evaluator);
  }
  Downstream below[3];
  std::vector<dataflow::GroupBy> grouping{3};
  NoFunctions evaluator;
  std::optional<MessengerOutput> output;
};

TEST_CASE("messenger output: every successor of a route gets a copy", "[task][messenger]") {
  Fixture fixture;
  std::vector<edn::Value> segments = values("[{:n 1} {:n 2}]");
  REQUIRE(fixture.output->put_all(segments, 0b101).has_value());
  CHECK(segments.empty());
  CHECK(fixture.output->flush());
  CHECK(fixture.below[0].segments == values("[{:n 1} {:n 2}]"));
  CHECK(fixture.below[1].segments.empty());
  CHECK(fixture.below[2].segments == values("[{:n 1} {:n 2}]"));
}

TEST_CASE("messenger output: routed segments go where each is routed to", "[task][messenger]") {
  Fixture fixture;
  std::vector<dataflow::Routed> routed{{value("{:n 1}"), 0b011}, {value("{:n 2}"), 0b100}};
  REQUIRE(fixture.output->put_routed(routed).has_value());
  CHECK(fixture.output->flush());
  CHECK(fixture.below[0].segments == values("[{:n 1}]"));
  CHECK(fixture.below[1].segments == values("[{:n 1}]"));
  CHECK(fixture.below[2].segments == values("[{:n 2}]"));
}

TEST_CASE(
    "messenger output: a full successor does not hold back the others, nor is any asked twice",
    "[task][messenger]") {
  Fixture fixture;
  fixture.below[0].room = false;
  CHECK_FALSE(fixture.output->offer(barrier(1)));
  CHECK(fixture.below[1].order.size() == 1);
  CHECK_FALSE(fixture.output->offer(barrier(1)));
  CHECK(fixture.below[1].order.size() == 1);
  fixture.below[0].room = true;
  CHECK(fixture.output->offer(barrier(1)));
  CHECK(fixture.below[0].order == std::vector<std::string>{"barrier 1"});
  CHECK(fixture.output->offer(barrier(2)));
  CHECK(fixture.below[1].order == std::vector<std::string>{"barrier 1", "barrier 2"});
}

}  // namespace
}  // namespace onyx::task
