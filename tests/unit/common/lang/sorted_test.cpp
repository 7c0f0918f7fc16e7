#include <catch2/catch.hpp>

#include "tests/unit/common/lang/evaluate.h"

using onyx::lang::test::check_all;
using onyx::lang::test::outcome_of;

TEST_CASE("sorted maps: forms with keys written in the code take them", "[lang][sorted]") {
  check_all({{"(:b (sorted-map :b 2 :a 1))", "2"},
             {"(let [m (sorted-map :b 2)] (:c m 7))", "7"},
             {"(get (sorted-map :b 2) :b)", "2"},
             {"(let [{:keys [a b]} (sorted-map :b 2 :a 1)] [a b])", "[1 2]"},
             {"(keys (assoc (sorted-map :c 3) :a 1))", "(:a :c)"},
             {"(keys (assoc (sorted-map :c 3) :b 2 :a 1))", "(:a :b :c)"},
             {"(keys (update (sorted-map :b 1 :a 1) :b inc))", "(:a :b)"},
             {"(vals (update (sorted-map :b 1 :a 1) :b inc))", "(1 2)"},
             {"(vals (update (sorted-map :b 1 :a 1) :a + 2 3))", "(6 1)"},
             {"((fn [& {:keys [a]}] a) (sorted-map :a 1))", "1"},
             {"(contains? #{(sorted-set 1)} #{1})", "true"},
             {"(assoc (sorted-map 1 2) :a 3)", "! compare cannot order the keyword :a and 1"},
             {"(try (:k (sorted-map 1 2)) (catch Exception e :caught))", ":caught"}});
}

TEST_CASE("sorted maps: a definition keeps the order, at any depth", "[lang][sorted]") {
  check_all(
      {{"(def steps (sorted-map 10 :ten 1 :one 5 :five)) (first (rsubseq steps <= 7))",
        "[5 :five]"},
       {"(def tables {:by-size (sorted-map-by > 1 :a 2 :b)}) (keys (:by-size tables))", "(2 1)"},
       {"(def lazy (sorted-map 2 (map inc [1]) 1 (range 2))) (vals lazy)", "((0 1) (2))"}});
}

TEST_CASE("sorted maps: they leave a call as plain maps and sets", "[lang][sorted]") {
  using onyx::edn::Value;
  const auto outcome = outcome_of("[(sorted-map :b 2 :a 1) (sorted-set 2 1)]");
  REQUIRE(outcome.is_value());
  CHECK(outcome.value.at(0).is_map());
  CHECK(outcome.value.at(1).is_set());
  CHECK(outcome.value.at(0) == Value::map({{Value::keyword("a"), Value::integer(1)},
                                           {Value::keyword("b"), Value::integer(2)}}));
}
