#include <catch2/catch.hpp>

#include "tests/unit/common/lang/evaluate.h"

using onyx::lang::test::check_all;

TEST_CASE("destructuring: vectors", "[lang][destructure]") {
  check_all(
      {{"(let [[a b] [1 2]] [b a])", "[2 1]"},
       {"(let [[a b c] [1]] [a b c])", "[1 nil nil]"},
       {"(let [[a & more] [1 2 3]] [a more])", "[1 (2 3)]"},
       {"(let [[a & more] [1]] [a more])", "[1 nil]"},
       {"(let [[a [b & c] :as all] [1 [2 3]]] [a b c all])", "[1 2 (3) [1 [2 3]]]"},
       {"(let [[a b] nil] [a b])", "[nil nil]"},
       {"(let [[a b] \"xy\"] [a b])", "[\\x \\y]"},
       {"(let [[a b & c] (map inc (range 4))] [a b c])", "[1 2 (3 4)]"},
       {"(let [[_ b] '(1 2)] b)", "2"},
       {"(let [[a] (range)] a)", "0"},
       {"(let [[[k v]] (seq {:a 1})] [k v])", "[:a 1]"},
       {"(let [[a b] 7] a)", "! a destructuring pattern [a b] needs a vector or sequence, got 7"}});
}

TEST_CASE("destructuring: maps", "[lang][destructure]") {
  check_all({{"(let [{:keys [a b]} {:a 1 :b 2}] [a b])", "[1 2]"},
             {"(let [{:keys [a] :or {a 7}} {}] a)", "7"},
             {"(let [{:keys [a] :or {a 7}} {:a nil}] a)", "nil"},
             {"(let [{:keys [x/a b/c]} {:x/a 1 :b/c 2}] [a c])", "[1 2]"},
             {"(let [{:x/keys [a b]} {:x/a 1 :x/b 2}] [a b])", "[1 2]"},
             {"(let [{:keys [:a :x/b]} {:a 1 :x/b 2}] [a b])", "[1 2]"},
             {"(let [{:strs [a]} {\"a\" 1}] a)", "1"},
             {"(let [{:syms [a]} {'a 1}] a)", "1"},
             {"(let [{n :name :as all} {:name 1}] [n all])", "[1 {:name 1}]"},
             {"(let [{x \"k\" y 0} {\"k\" 1 0 2}] [x y])", "[1 2]"},
             {"(let [{{:keys [a]} :in} {:in {:a 1}}] a)", "1"},
             {"(let [{[x y] :pos} {:pos [1 2]}] [x y])", "[1 2]"},
             {"(let [{:keys [a]} nil] a)", "nil"},
             {"(let [k :z {v k} {:z 9}] v)", "9"},
             {"(let [{x :x :or {x 3}} {}] x)", "3"},
             {"(let [{:keys [a b] :or {b a}} {:a 1}] b)", "1"}});
}

TEST_CASE("destructuring: parameters", "[lang][destructure]") {
  check_all({{"((fn [{:keys [a] :as s}] [a s]) {:a 1})", "[1 {:a 1}]"},
             {"((fn [[a b] {c :c}] [a b c]) [1 2] {:c 3})", "[1 2 3]"},
             {"((fn [& {:keys [a b]}] [a b]) :a 1 :b 2)", "[1 2]"},
             {"((fn [& {:keys [a]}] a) {:a 1})", "1"},
             {"((fn [& [a b]] [a b]) 1)", "[1 nil]"},
             {"(let [{:keys [a]} '(:a 1)] a)", "1"},
             {"((fn [[x & more] n] (if x (recur more (+ n x)) n)) [1 2 3] 0)", "6"},
             {"(for [{:keys [a]} [{:a 1} {:a 2}]] a)", "(1 2)"}});
}
