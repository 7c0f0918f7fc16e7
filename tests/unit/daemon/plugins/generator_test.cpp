#include "daemon/plugins/generator/generator_input.h"

#include <catch2/catch.hpp>

#include "tests/unit/daemon/plugins/fixture.h"

namespace onyx::plugins {
namespace {

std::unique_ptr<Input> started(PluginContext of) {
  auto input = generator_input_kind().make_input(std::move(of)).value();
  REQUIRE(input->start().has_value());
  REQUIRE(input->recover(1, {}).has_value());
  return input;
}

TEST_CASE("generator: copies of the segment with a running number", "[plugins][generator]") {
  auto input = started(
      context("{:generator/segments 3 :generator/segment {:x \"y\" :n 7} :generator/counter :n}"));
  CHECK(poll_all(*input, 2) == values("[{:x \"y\" :n 0} {:x \"y\" :n 1} {:x \"y\" :n 2}]"));
  CHECK(input->progress().records == 3);
}

TEST_CASE("generator: a counter that the segment does not have, or none", "[plugins][generator]") {
  CHECK(poll_all(*started(context("{:generator/segments 2 :generator/counter :n}")), 9) ==
        values("[{:n 0} {:n 1}]"));
  CHECK(poll_all(*started(context("{:generator/segments 2 :generator/segment {:a 1}}")), 9) ==
        values("[{:a 1} {:a 1}]"));
  CHECK(poll_all(*started(context(
                     "{:generator/segments 2 :generator/segment {[1] 1} :generator/counter :n}")),
                 9) == values("[{[1] 1 :n 0} {[1] 1 :n 1}]"));
}

TEST_CASE("generator: a cycle is copied in turn", "[plugins][generator]") {
  CHECK(poll_all(*started(context("{:generator/segments 3 :generator/counter :n "
                                  ":generator/cycle [{:t :a} {:t :b :x 1}]}")),
                 2) == values("[{:t :a :n 0} {:t :b :x 1 :n 1} {:t :a :n 2}]"));
}

TEST_CASE("generator: peers share the numbers by slot", "[plugins][generator]") {
  PluginContext of = context("{:generator/segments 5 :generator/counter :n}");
  of.slots = 2;
  CHECK(poll_all(*started(of), 9) == values("[{:n 0} {:n 2} {:n 4}]"));
  of.slot = 1;
  CHECK(poll_all(*started(of), 9) == values("[{:n 1} {:n 3}]"));
}

TEST_CASE("generator: without a number it never ends", "[plugins][generator]") {
  for (const char* entry : {"{}", "{:generator/segments :unlimited}"}) {
    auto input = started(context(entry));
    std::vector<edn::Value> out;
    CHECK(input->poll(out, 1'000).value() == Polled::ready);
    CHECK(out.size() == 1'000);
  }
}

TEST_CASE("generator: keys of the wrong kind are refused", "[plugins][generator]") {
  const auto refusal = [](std::string_view entry) {
    return generator_input_kind().make_input(context(entry)).value()->start().error().message();
  };
  CHECK_THAT(refusal("{:generator/segments -1}"),
             Catch::Contains("must be a number of segments, or :unlimited, got -1"));
  CHECK_THAT(refusal("{:generator/segment [1]}"),
             Catch::Contains(":generator/segment of task :t must be a map"));
  for (const char* entry :
       {"{:generator/cycle []}", "{:generator/cycle [1]}", "{:generator/cycle {:a 1}}"}) {
    CHECK_THAT(refusal(entry),
               Catch::Contains(":generator/cycle of task :t must be a vector of maps"));
  }
}

}  // namespace
}  // namespace onyx::plugins
