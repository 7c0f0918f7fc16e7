#include "daemon/dataflow/transform.h"

#include <catch2/catch.hpp>

#include "tests/unit/daemon/dataflow/fixture.h"

namespace onyx::dataflow {
namespace {

// A task :t with the function :f.
struct Fixture {
  explicit Fixture(HandMade f, bool is_batch_fn = false)
      : function_of_task{false, is_batch_fn, table.add(function("f"))},
        evaluator(table, {{"f", std::move(f)}}) {}

  tl::expected<void, edn::Value> apply(std::string_view batch_text, bool catches = false,
                                       std::vector<edn::Value> parameters = {}) {
    batch.clear();
    for (const edn::Value& element : value(batch_text).items()) batch.push_back(element);
    Transform transform(function_of_task, value(":t"), evaluator);
    return transform.apply(batch, parameters, true, catches, results);
  }

  // The results of each element.
  std::vector<Arguments> by_element() const {
    std::vector<Arguments> all;
    for (std::size_t i = 0; i < results.elements(); ++i) {
      all.emplace_back(results.segments.begin() + static_cast<std::ptrdiff_t>(results.begin_of(i)),
                       results.segments.begin() + static_cast<std::ptrdiff_t>(results.end_of(i)));
    }
    return all;
  }

  FunctionTable table;
  TaskFunction function_of_task;
  HandMadeEvaluator evaluator;
  std::vector<edn::Value> batch;
  Results results;
};

HandMade result_of_key(std::string_view key) {
  return [key = edn::Value::keyword(key)](const Arguments& args) -> Evaluated {
    return *args.back().find(key);
  };
}

std::string message_of(const tl::expected<void, edn::Value>& result) {
  REQUIRE_FALSE(result.has_value());
  return lang::as_exception(result.error())->message();
}
const edn::Value& data_of(const tl::expected<void, edn::Value>& result) {
  return lang::as_exception(result.error())->data();
}

TEST_CASE("transform: maps and sequences of maps line up with the batch", "[transform]") {
  Fixture fixture(result_of_key("r"));
  REQUIRE(fixture.apply("[{:r {:a 1}} {:r [{:a 1} {:a 2}]} {:r []} {:r ({:l 1})} {:r {}}]")
              .has_value());
  CHECK(fixture.by_element() == std::vector<Arguments>{{value("{:a 1}")},
                                                       {value("{:a 1}"), value("{:a 2}")},
                                                       {},
                                                       {value("{:l 1}")},
                                                       {value("{}")}});
}

TEST_CASE("transform: one segment each is one to one", "[transform]") {
  Fixture fixture(result_of_key("r"));
  REQUIRE(fixture.apply("[{:r {:a 1}} {:r {:a 2}}]").has_value());
  CHECK(fixture.results.is_one_to_one);
  CHECK(fixture.by_element() == std::vector<Arguments>{{value("{:a 1}")}, {value("{:a 2}")}});
}

TEST_CASE("transform: parameters come before the segment", "[transform]") {
  Arguments seen;
  Fixture fixture([&](const Arguments& args) -> Evaluated {
    seen = args;
    return args.back();
  });
  REQUIRE(
      fixture.apply("[{:n 1}]", false, {value("64"), value("nil"), value("\"abc\"")}).has_value());
  CHECK(seen == Arguments{value("64"), value("nil"), value("\"abc\""), value("{:n 1}")});
}

TEST_CASE("transform: a result that is no segment names task, function and segment",
          "[transform]") {
  const char* results[] = {"nil", "#{{:s 1}}", "\"str\"", "7", "[{:a 1} nil]"};
  for (const char* text : results) {
    INFO(text);
    Fixture fixture([&](const Arguments&) -> Evaluated { return value(text); });
    const auto refused = fixture.apply("[{:n 5}]");
    CHECK_THAT(message_of(refused), Catch::Contains(":f returned"));
    CHECK_THAT(message_of(refused), Catch::Contains("in task :t"));
    CHECK(data_of(refused).get("offending-task") == value(":t"));
    CHECK(data_of(refused).get("offending-segment") == value("{:n 5}"));
  }
}

TEST_CASE("transform: an exception keeps its message and data and gains what caused it",
          "[transform]") {
  Fixture fixture([](const Arguments&) { return thrown("too large", value("{:limit 2}")); });
  const auto refused = fixture.apply("[{:n 77}]");
  CHECK(message_of(refused) == "too large");
  CHECK(data_of(refused).get("limit") == value("2"));
  CHECK(data_of(refused).get("offending-task") == value(":t"));
  CHECK(data_of(refused).get("offending-segment") == value("{:n 77}"));
  CHECK(data_of(refused).get("original-exception") == value(":clojure.lang.ExceptionInfo"));
}

TEST_CASE("transform: caught exceptions stand at their element, as they were thrown",
          "[transform]") {
  Fixture fixture([](const Arguments& args) -> Evaluated {
    if (args[0].get("n") == value("2")) return thrown("two", value("{:two true}"));
    if (args[0].get("n") == value("3")) return value("nil");
    return args[0];
  });
  REQUIRE(fixture.apply("[{:n 1} {:n 2} {:n 3} {:n 4}]", true).has_value());
  CHECK(fixture.by_element() ==
        std::vector<Arguments>{{value("{:n 1}")}, {}, {}, {value("{:n 4}")}});
  REQUIRE(fixture.results.exceptions.size() == 2);
  CHECK(fixture.results.exceptions[0].element == 1);
  CHECK(lang::as_exception(fixture.results.exceptions[0].exception)->data() ==
        value("{:two true}"));
  CHECK(fixture.results.exceptions[1].element == 2);
}

TEST_CASE("transform: a batch function is called once, one result an element", "[transform]") {
  int calls = 0;
  Fixture fixture(
      [&](const Arguments& args) -> Evaluated {
        ++calls;
        std::vector<edn::Value> results;
        for (const edn::Value& segment : args[0].items()) {
          results.push_back(segment == value("{:k 1}") ? edn::Value::list({segment, segment})
                                                       : segment);
        }
        return edn::Value::list(std::move(results));
      },
      true);
  REQUIRE(fixture.apply("[{:k 1} {:k 2}]").has_value());
  CHECK(calls == 1);
  CHECK(fixture.by_element() ==
        std::vector<Arguments>{{value("{:k 1}"), value("{:k 1}")}, {value("{:k 2}")}});
}

TEST_CASE("transform: a batch function with another number of results is refused", "[transform]") {
  Fixture fixture([](const Arguments&) -> Evaluated { return value("[{:a 1}]"); }, true);
  const auto refused = fixture.apply("[{:k 1} {:k 2}]");
  CHECK_THAT(message_of(refused), Catch::Matches(".*batch-fn.*same number of elements.*1 for 2.*"));
}

TEST_CASE("transform: a batch function that returns no sequence is refused", "[transform]") {
  Fixture fixture([](const Arguments&) -> Evaluated { return value("{:a 1}"); }, true);
  CHECK_THAT(message_of(fixture.apply("[{:k 1}]")), Catch::Contains("it returned map in task :t"));
}

TEST_CASE("transform: a batch function may give nil for an empty batch", "[transform]") {
  Fixture fixture([](const Arguments&) -> Evaluated { return edn::Value(); }, true);
  REQUIRE(fixture.apply("[]").has_value());
  CHECK(fixture.results.elements() == 0);
}

TEST_CASE("transform: each segment of a batch gets the exception of a batch function",
          "[transform]") {
  Fixture fixture([](const Arguments&) { return thrown("all of them"); }, true);
  REQUIRE(fixture.apply("[{:k 1} {:k 2}]", true).has_value());
  CHECK(fixture.results.exceptions.size() == 2);
  const auto raised = fixture.apply("[{:k 1} {:k 2}]");
  CHECK(data_of(raised).get("offending-batch") == value("[{:k 1} {:k 2}]"));
}

TEST_CASE("transform: identity unrolls a sequence and refuses what is no segment", "[transform]") {
  Fixture fixture([](const Arguments&) { return thrown("not called"); });
  fixture.function_of_task.is_identity = true;
  REQUIRE(fixture.apply("[{:a 1} [{:b 1} {:b 2}]]").has_value());
  CHECK(fixture.by_element() ==
        std::vector<Arguments>{{value("{:a 1}")}, {value("{:b 1}"), value("{:b 2}")}});
  CHECK(message_of(fixture.apply("[{:a 1} 7]")) ==
        "task :t got 7 where a segment, that is a map, is needed");
}

}  // namespace
}  // namespace onyx::dataflow
