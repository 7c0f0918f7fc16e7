#include <catch2/catch.hpp>

#include "common/edn/printer.h"
#include "tests/unit/common/lang/evaluate.h"

using namespace onyx::lang;
using onyx::lang::test::check_all;
using onyx::lang::test::outcome_of;
using onyx::lang::test::run;

TEST_CASE("throw: carries message and data", "[lang][exception]") {
  const Outcome outcome = outcome_of("(throw (ex-info \"no amount\" {:id 7}))");
  REQUIRE(outcome.kind == Outcome::Kind::exception);
  CHECK(outcome.exception().message() == "no amount");
  CHECK(onyx::edn::print(outcome.exception().data()) == "{:id 7}");
  CHECK(outcome.exception().error_class() == ErrorClass::exception_info);
}

TEST_CASE("try: catches what the body throws", "[lang][exception]") {
  check_all(
      {{"(try 1)", "1"},
       {"(try (throw (ex-info \"m\" {:a 1})) (catch Exception e [(ex-message e) (ex-data e)]))",
        "[\"m\" {:a 1}]"},
       {"(try (quot 1 0) (catch ArithmeticException e (ex-message e)))", "\"Divide by zero\""},
       {"(try (nth [1] 5) (catch Exception e :caught))", ":caught"},
       {"(try (+ 1 nil) (catch Throwable e :caught))", ":caught"},
       {"(try (quot 1 0) (catch clojure.lang.ExceptionInfo e :info) (catch Exception e :other))",
        ":other"},
       {"(try (throw (ex-info \"m\" {})) (catch clojure.lang.ExceptionInfo e :info))", ":info"},
       {"(try (quot 1 0) (catch clojure.lang.ExceptionInfo e :info))", "! Divide by zero"},
       {"(try (try (quot 1 0) (catch Exception e (throw (ex-info \"outer\" {:inner (ex-message "
        "e)})))) "
        "(catch Exception e (ex-data e)))",
        "{:inner \"Divide by zero\"}"},
       {"(try 1 (finally 2))", "1"},
       {"(try (quot 1 0) (catch Exception e 3) (finally 4))", "3"},
       {"(try (quot 1 0) (finally 4))", "! Divide by zero"},
       {"(try 1 (finally (quot 1 0)))", "! Divide by zero"},
       {"(let [x [1]] (try (conj x (quot 1 0)) (catch Exception e (conj x 2))))", "[1 2]"},
       {"(throw 5)", "! throw needs an exception, as ex-info makes them, got 5"},
       {"(loop [i 0] (let [r (try (quot 1 i) (catch Exception e :again))] (if (= r :again) (recur "
        "(inc i)) r)))",
        "1"}});
}

TEST_CASE("errors: say what was needed and what was found", "[lang][exception]") {
  check_all({{"(+ 1 nil)", "! + needs numbers, got nil"},
             {"(let [x \"s\"] (* x 2))", "! * needs numbers, got the string \"s\""},
             {"(let [x :k] (inc x))", "! inc needs a number, got the keyword :k"},
             {"(let [x {}] (< x 2))", "! < needs numbers, got the map {}"},
             {"(let [x 9223372036854775807] (inc x))", "! integer overflow"},
             {"(let [x 9223372036854775807] (* x 2))", "! integer overflow"},
             {"(let [x 0] (/ 1 x))", "! Divide by zero"}});
}

TEST_CASE("exception: knows the functions and places it came through", "[lang][exception]") {
  const Outcome outcome = outcome_of(
      "(defn inner [x]\n"
      "  (+ x nil))\n"
      "(defn outer [x] (str (inner x)))\n"
      "(outer 1)");
  REQUIRE(outcome.kind == Outcome::Kind::exception);
  const auto& trace = outcome.exception().trace();
  REQUIRE(trace.size() == 3);
  CHECK(trace[0].function == "user/inner");
  CHECK(trace[0].file == "test.clj");
  CHECK(trace[0].span.line == 2);
  CHECK(trace[0].span.column == 3);
  CHECK(trace[0].form == "(+ x nil)");
  CHECK(trace[1].function == "user/outer");
  CHECK(trace[2].function == "user/main-of-test");
}

TEST_CASE("exception: thrown again, it keeps its first place", "[lang][exception]") {
  const Outcome outcome = outcome_of(
      "(defn fails [] (quot 1 0))\n"
      "(defn again [] (try (fails) (catch Exception e (throw e))))\n"
      "(again)");
  REQUIRE(outcome.kind == Outcome::Kind::exception);
  REQUIRE_FALSE(outcome.exception().trace().empty());
  CHECK(outcome.exception().trace()[0].function == "user/fails");
}

TEST_CASE("exception: its data leaves without lazy sequences", "[lang][exception]") {
  const Outcome outcome = outcome_of("(throw (ex-info \"m\" {:xs (map inc [1 2])}))");
  REQUIRE(outcome.kind == Outcome::Kind::exception);
  CHECK(onyx::edn::print(outcome.exception().data()) == "{:xs (2 3)}");
}

TEST_CASE("exception: an exception in a lazy sequence comes when it is needed",
          "[lang][exception]") {
  check_all({{"(first (map (fn [x] (quot 1 x)) [1 0]))", "1"},
             {"(map (fn [x] (quot 1 x)) [1 0])", "! Divide by zero"},
             {"(let [s (map (fn [x] (quot 1 x)) [0])] [(try (first s) (catch Exception e 1)) "
              "(try (first s) (catch Exception e 2))])",
              "[1 2]"}});
}
