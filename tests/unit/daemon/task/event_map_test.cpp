#include "daemon/task/event_map.h"

#include <catch2/catch.hpp>

#include "common/lang/exception.h"
#include "tests/unit/daemon/task/fixture.h"

namespace onyx::task {
namespace {

TEST_CASE("event map: a uuid text is a uuid, anything else a string", "[task][event]") {
  CHECK(id_value("f81d4fae-7dec-11d0-a765-00a0c91e6bf6") ==
        value("#uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\""));
  CHECK(id_value("peer-1") == value("\"peer-1\""));
  CHECK(id_value("not a uuid but of the right length!!") ==
        value("\"not a uuid but of the right length!!\""));
}

TEST_CASE("event map: results become one sequence an element, and back", "[task][event]") {
  dataflow::Results results;
  results.add_one(value("{:a 1}"));
  results.add_none();
  results.add_sequence(value("[{:b 1} {:b 2}]"));
  const edn::Value shown = transformed_value(results);
  CHECK(shown == value("([{:a 1}] [] [{:b 1} {:b 2}])"));
  const auto back = results_of(shown, 3);
  REQUIRE(back.has_value());
  CHECK(transformed_value(*back) == shown);
}

TEST_CASE("event map: exceptions among the results survive the way there and back",
          "[task][event]") {
  dataflow::Results results;
  results.add_exception(lang::make_exception(lang::ErrorClass::exception_info, "e"));
  results.add_one(value("{:a 1}"));
  const auto back = results_of(transformed_value(results), 2);
  REQUIRE(back.has_value());
  REQUIRE(back->exceptions.size() == 1);
  CHECK(back->exceptions[0].element == 0);
  CHECK(back->segments == values("[{:a 1}]"));
}

TEST_CASE("event map: results that do not line up are refused", "[task][event]") {
  CHECK_FALSE(results_of(value("[[{:a 1}]]"), 2).has_value());
  CHECK_FALSE(results_of(value("[[{:a 1}] [7]]"), 2).has_value());
  CHECK_FALSE(results_of(value("5"), 1).has_value());
}

TEST_CASE("event map: a peer's event names job, task, entry and slot", "[task][event]") {
  Bench bench("in", "", ":onyx/fn :clojure.core/identity",
              ":metadata {:team \"blue\"} :job-name \"j\"", ":my/key 5");
  bench.settle();
  const edn::Value& event = bench.plugin_event;
  CHECK(event.get("onyx.core/task") == value(":in"));
  CHECK(event.get("onyx.core/task-map").get("my/key") == value("5"));
  CHECK(event.get("onyx.core/metadata") == value("{:team \"blue\"}"));
  CHECK(event.get("onyx.core/job-name") == value("\"j\""));
  CHECK(event.get("onyx.core/slot-id") == value("0"));
  CHECK(event.get("onyx.core/job-id") == value("#uuid \"00000000-0000-8000-8000-000000000001\""));
  CHECK(event.get("onyx.core/workflow") == value("[[:in :f] [:f :out]]"));
  CHECK(event.get("onyx.core/serialized-task").get("egress-tasks-batch-sizes") == value("{:f 2}"));
}

}  // namespace
}  // namespace onyx::task
