#include <catch2/catch.hpp>

#include "daemon/plugins/seq/seq_input.h"
#include "daemon/plugins/seq/seq_output.h"
#include "tests/unit/daemon/plugins/fixture.h"

namespace onyx::plugins {
namespace {

std::unique_ptr<Input> started(std::string_view entry, std::string_view event = "{}") {
  auto input = seq_input_kind().make_input(context(entry, event)).value();
  REQUIRE(input->start().has_value());
  REQUIRE(input->recover(1, {}).has_value());
  return input;
}

std::string refusal(std::string_view entry, std::string_view event = "{}") {
  auto input = seq_input_kind().make_input(context(entry, event)).value();
  const auto result = input->start();
  REQUIRE_FALSE(result.has_value());
  return result.error().message();
}

TEST_CASE("seq input: gives the sequence in order, then the end", "[plugins][seq]") {
  for (const std::size_t limit : {1u, 2u, 3u, 100u}) {
    auto input = started("{:seq/sequential [{:n 1} {:n 2} {:n 3}]}");
    CHECK(poll_all(*input, limit) == values("[{:n 1} {:n 2} {:n 3}]"));
    CHECK(input->progress().records == 3);
  }
}

TEST_CASE("seq input: an empty sequence ends at once", "[plugins][seq]") {
  for (const char* entry :
       {"{:seq/sequential []}", "{:seq/sequential ()}", "{:seq/sequential nil}"}) {
    CHECK(poll_all(*started(entry), 10).empty());
  }
}

TEST_CASE("seq input: what a hook left in the event comes first", "[plugins][seq]") {
  CHECK(poll_all(*started("{:seq/sequential [{:n 1}]}", "{:seq/seq ({:n 9})}"), 10) ==
        values("[{:n 9}]"));
}

TEST_CASE("seq input: recovering from nothing starts over on the same object", "[plugins][seq]") {
  auto input = started("{:seq/sequential [{:n 1} {:n 2}]}");
  std::vector<edn::Value> out;
  CHECK(input->poll(out, 1).value() == Polled::ready);
  REQUIRE(input->recover(2, {}).has_value());
  CHECK(poll_all(*input, 10) == values("[{:n 1} {:n 2}]"));
}

TEST_CASE("seq input: a checkpoint is the number of segments read, unless it is not wanted",
          "[plugins][seq]") {
  auto input = started("{:seq/sequential [{:n 1} {:n 2} {:n 3}]}");
  std::vector<edn::Value> out;
  REQUIRE(input->poll(out, 2).has_value());
  CHECK(input->checkpoint() == value("2"));
  REQUIRE(input->recover(2, value("2")).has_value());
  CHECK(poll_all(*input, 10) == values("[{:n 3}]"));
  CHECK(started("{:seq/sequential [{:n 1}] :seq/checkpoint? false}")->checkpoint().is_nil());
}

TEST_CASE("seq input: an element that is no segment is refused by its position", "[plugins][seq]") {
  CHECK(refusal("{:seq/sequential [{:n 1} nil]}") ==
        "element 1 of :seq/sequential of task :t is nil; every element must be a segment, that is "
        "a map");
  CHECK_THAT(refusal("{:seq/sequential [false]}"),
             Catch::Contains("element 0 of :seq/sequential of task :t is false"));
  CHECK_THAT(refusal("{}", "{:seq/seq [{:n 1} {:n 2} 7]}"),
             Catch::Contains("element 2 of :seq/seq of task :t is 7"));
}

TEST_CASE("seq input: no sequence, or something else, is refused", "[plugins][seq]") {
  CHECK_THAT(refusal("{}"), Catch::Contains("give its catalog entry :seq/sequential"));
  CHECK_THAT(refusal("{:seq/sequential 5}"), Catch::Contains("must be a sequence of maps, got 5"));
}

TEST_CASE("seq output: what is written can be read by job and task", "[plugins][seq]") {
  auto store = std::make_shared<OutputStore>();
  auto output = seq_output_kind(store).make_output(context()).value();
  REQUIRE(output->recover(1, {}).has_value());
  std::vector<edn::Value> batch = values("[{:a 1} {:a 2}]");
  CHECK(output->write(batch).value() == Wrote::all);
  CHECK(batch.empty());
  CHECK(store->find(JobId("j"), TaskId("t"))->read().segments == values("[{:a 1} {:a 2}]"));
  CHECK(output->progress().records == 2);
}

TEST_CASE("seq output: a newer version drops what was not published", "[plugins][seq]") {
  auto store = std::make_shared<OutputStore>();
  auto first = seq_output_kind(store).make_output(context()).value();
  REQUIRE(first->recover(1, {}).has_value());
  std::vector<edn::Value> batch = values("[{:a 1}]");
  REQUIRE(first->write(batch).has_value());
  REQUIRE(first->checkpointed(1).value());
  batch = values("[{:a 2}]");
  REQUIRE(first->write(batch).has_value());

  auto second = seq_output_kind(store).make_output(context()).value();
  REQUIRE(second->recover(5, {}).has_value());
  const auto log = store->find(JobId("j"), TaskId("t"));
  CHECK(log->read().segments == values("[{:a 1}]"));

  batch = values("[{:a 3}]");
  const auto stale = first->write(batch);
  REQUIRE_FALSE(stale.has_value());
  CHECK(stale.error().code() == ErrorCode::aborted);
  CHECK(log->read().segments == values("[{:a 1}]"));
}

}  // namespace
}  // namespace onyx::plugins
