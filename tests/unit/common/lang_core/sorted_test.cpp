#include <catch2/catch.hpp>

#include "unit/common/lang_core/expression.h"

namespace onyx::lang {
namespace {

TEST_CASE("core sorted: maps and sets go in the order of their keys", "[lang][core][sorted]") {
  constexpr Row kRows[] = {
      {"(str (sorted-map 3 :c 1 :a 2 :b))", "\"{1 :a, 2 :b, 3 :c}\""},
      {"(str (sorted-set 3 1 2 1))", "\"#{1 2 3}\""},
      {"(pr-str [(sorted-set \"b\" \"a\")])", "\"[#{\\\"a\\\" \\\"b\\\"}]\""},
      {"(keys (sorted-map :b 1 :a 2))", "(:a :b)"},
      {"(vals (sorted-map :b 1 :a 2))", "(2 1)"},
      {"(first (sorted-map :b 1 :a 2))", "[:a 2]"},
      {"(last (sorted-set 5 9 7))", "9"},
      {"(seq (sorted-map))", "nil"},
      {"(rest (sorted-set 1 2 3))", "(2 3)"},
      {"(map inc (into (sorted-set) (range 200 0 -50)))", "(51 101 151 201)"},
      {"(= (range 1000) (seq (into (sorted-set) (reverse (range 1000)))))", "true"},
      {"(reduce-kv (fn [acc k v] (conj acc [k v])) [] (sorted-map 2 :b 1 :a))", "[[1 :a] [2 :b]]"},
      {"(rseq (sorted-set 1 3 2))", "(3 2 1)"},
      {"(rseq (sorted-map))", "nil"},
      {"(count (sorted-map 1 2 3 4))", "2"},
      {"(sorted-map)", "{}"},
      {"(sorted-map 1)", "~every key"},
      {"(sorted-map 1 2 :a 3)", "~compare cannot order"},
      {"(sorted-set)", "#{}"},
  };
  check(kRows);
}

TEST_CASE("core sorted: a comparator decides the order and what is one key",
          "[lang][core][sorted]") {
  constexpr Row kRows[] = {
      {"(keys (sorted-map-by > 1 :a 3 :c 2 :b))", "(3 2 1)"},
      {"(vec (sorted-set-by (fn [a b] (compare (mod a 3) (mod b 3))) 3 4 5 6 7))", "[3 4 5]"},
      {"(sorted-map-by (fn [a b] (compare (count a) (count b))) \"a\" 1 \"b\" 2)", "{\"a\" 2}"},
      {"(vec (conj (sorted-set-by > 1 2) 3))", "[3 2 1]"},
      {"(vec (into (empty (sorted-set-by > 1)) [1 2 3]))", "[3 2 1]"},
      {"(sorted-set-by 7 1)", "~sorted-set-by needs a comparator"},
      {"(sorted-set-by (fn [a b] :x) 1 2)", "~a comparator needs a whole number"},
  };
  check(kRows);
}

TEST_CASE("core sorted: everything that takes maps takes sorted ones, and keeps them sorted",
          "[lang][core][sorted]") {
  constexpr Row kRows[] = {
      {"(get (sorted-map 1 :a) 1)", ":a"},
      {"(get (sorted-map 1 :a) 2 :none)", ":none"},
      {"((sorted-map 1 :a) 1)", ":a"},
      {"(:k (sorted-map :k 7))", "7"},
      {"(:k (sorted-map) 8)", "8"},
      {"(get-in (sorted-map 1 {:a 2}) [1 :a])", "2"},
      {"(contains? (sorted-map 1 nil) 1)", "true"},
      {"(find (sorted-map 1 :a) 1)", "[1 :a]"},
      {"(str (assoc (sorted-map 2 :b) 1 :a))", "\"{1 :a, 2 :b}\""},
      {"(str (assoc-in (sorted-map 2 {}) [1 :x] :a))", "\"{1 {:x :a}, 2 {}}\""},
      {"(str (update (sorted-map 2 1 1 1) 2 inc))", "\"{1 1, 2 2}\""},
      {"(str (dissoc (sorted-map 1 :a 2 :b 3 :c) 2 9))", "\"{1 :a, 3 :c}\""},
      {"(str (merge (sorted-map 3 :c) {1 :a}))", "\"{1 :a, 3 :c}\""},
      {"(merge {:a 1} (sorted-map :c 3))", "{:a 1, :c 3}"},
      {"(str (merge-with + (sorted-map 3 1 1 1) {3 1}))", "\"{1 1, 3 2}\""},
      {"(select-keys (sorted-map 2 :b 1 :a) [2])", "{2 :b}"},
      {"(update-vals (sorted-map 1 1) inc)", "{1 2}"},
      {"(update-keys (sorted-map 1 1) inc)", "{2 1}"},
      {"(set/map-invert (sorted-map 1 :a))", "{:a 1}"},
      {"(str (set/rename-keys (sorted-map 1 :a 2 :b) {1 9}))", "\"{2 :b, 9 :a}\""},
      {"(str (walk/postwalk identity (sorted-map 2 :b 1 :a)))", "\"{1 :a, 2 :b}\""},
      {"(walk/stringify-keys (sorted-map :a 1))", "{\"a\" 1}"},
      {"(ex-data (ex-info \"x\" (sorted-map :a 1)))", "{:a 1}"},
      {"(onyx.json/write (sorted-map :b 1 :a 2))", "\"{\\\"a\\\":2,\\\"b\\\":1}\""},
  };
  check(kRows);
}

TEST_CASE("core sorted: everything that takes sets takes sorted ones", "[lang][core][sorted]") {
  constexpr Row kRows[] = {
      {"(get (sorted-set 1 2) 2)", "2"},
      {"((sorted-set :a) :b)", "nil"},
      {"(contains? (sorted-set 1) 2)", "false"},
      {"(vec (disj (sorted-set 1 2 3) 2 7))", "[1 3]"},
      {"(vec (conj (sorted-set 3) 1 3))", "[1 3]"},
      {"(vec (set (sorted-set 2 1)))", "[1 2]"},
      {"(vec (set/union (sorted-set 5 1) #{3}))", "[1 3 5]"},
      {"(vec (set/difference (sorted-set 5 1 3) #{3}))", "[1 5]"},
      {"(vec (set/intersection (sorted-set 5 1) #{1 2 5}))", "[1 5]"},
      {"(set/subset? (sorted-set 1) #{1 2})", "true"},
      {"(set/superset? (sorted-set 1) #{1 2})", "false"},
      {"(vec (set/select odd? (sorted-set 3 2 1)))", "[1 3]"},
      {"(nth (sorted-set 1) 0)", "~nth needs"},
  };
  check(kRows);
}

TEST_CASE("core sorted: they equal hashed ones, and are such where it matters",
          "[lang][core][sorted]") {
  constexpr Row kRows[] = {
      {"(= (sorted-map 1 :a 2 :b) {2 :b 1 :a})", "true"},
      {"(= {1 (list 2)} (sorted-map 1 (map inc [1])))", "true"},
      {"(= (sorted-map 1 :a) (sorted-map-by > 1 :a))", "true"},
      {"(= (sorted-set 1 2) #{1 2} (sorted-set-by > 2 1))", "true"},
      {"(= (sorted-set 1) [1])", "false"},
      {"(= (sorted-map 1 :a) (sorted-map :a 1))", "false"},
      {"(get {{1 :a} :found} (sorted-map 1 :a))", ":found"},
      {"(contains? (hash-set (sorted-set 1)) #{1})", "true"},
      {"(map map? [(sorted-map) (sorted-set)])", "(true false)"},
      {"(map set? [(sorted-map) (sorted-set)])", "(false true)"},
      {"(map sorted? [(sorted-map) (sorted-set) {} #{} [] nil])",
       "(true true false false false false)"},
      {"(map reversible? [(sorted-map) [] {} (list)])", "(true true false false)"},
      {"[(coll? (sorted-set)) (counted? (sorted-set)) (ifn? (sorted-set)) (sequential? "
       "(sorted-set))]",
       "[true true true false]"},
      {"[(empty? (sorted-map)) (not-empty (sorted-set))]", "[true nil]"},
      {"(type (sorted-map))", "clojure.lang.PersistentTreeMap"},
      {"(sorted-map 1 (map inc [1]))", "{1 (2)}"},
  };
  check(kRows);
}

TEST_CASE("core sorted: subseq and rsubseq take what is on one side of a key, or between two",
          "[lang][core][sorted]") {
  constexpr Row kRows[] = {
      {"(subseq (sorted-set 1 3 5 7) > 3)", "(5 7)"},
      {"(subseq (sorted-set 1 3 5 7) >= 3)", "(3 5 7)"},
      {"(subseq (sorted-set 1 3 5 7) >= 4)", "(5 7)"},
      {"(subseq (sorted-set 1 3 5 7) < 5)", "(1 3)"},
      {"(subseq (sorted-set 1 3 5 7) <= 5)", "(1 3 5)"},
      {"(subseq (sorted-set 1 3 5 7) > 1 < 7)", "(3 5)"},
      {"(subseq (sorted-map 1 :a 2 :b 3 :c) >= 2 <= 3)", "([2 :b] [3 :c])"},
      {"(rsubseq (sorted-set 1 3 5 7) > 3)", "(7 5)"},
      {"(rsubseq (sorted-set 1 3 5 7) <= 5)", "(5 3 1)"},
      {"(rsubseq (sorted-set 1 3 5 7) >= 3 < 7)", "(5 3)"},
      {"(subseq (sorted-set-by > 1 3 5) > 3)", "(1)"},
      {"(subseq (sorted-set 1) > 1)", "nil"},
      {"(subseq (sorted-set 1) < 1)", "()"},
      {"(subseq (sorted-set 1 9) > 3 < 5)", "()"},
      {"(subseq (sorted-set 1) > 3 < 5)", "nil"},
      {"(rsubseq (sorted-set 1) < 1)", "nil"},
      {"(rsubseq (sorted-set 1) > 1)", "()"},
      {"(rsubseq (sorted-set 7) > 3 < 5)", "nil"},
      {"(subseq [1] > 1)", "~subseq needs a sorted map or a sorted set"},
      {"(subseq (sorted-set 1) = 1)", "~needs one of < <= > >="},
      {"(subseq (sorted-set 1) < 1 > 3)", "~> or >= for its start"},
      {"(subseq (sorted-set 1) < 1 >)", "~3 or 5"},
  };
  check(kRows);
}

TEST_CASE("core sorted: limits hold", "[lang][core][sorted]") {
  Limits limits;
  limits.bytes = 1'000'000;
  CHECK(run("(count (into (sorted-set) (range 100000)))", limits).substr(0, 2) == "!!");
  limits = {};
  limits.steps = 1'000;
  CHECK(run("(count (into (sorted-set) (range 1000)))", limits).substr(0, 2) == "!!");
}

}  // namespace
}  // namespace onyx::lang
