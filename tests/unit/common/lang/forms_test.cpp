#include <catch2/catch.hpp>

#include "tests/unit/common/lang/evaluate.h"

using onyx::lang::test::check_all;
using onyx::lang::test::run;

TEST_CASE("literals: stand for themselves", "[lang]") {
  check_all({{"nil", "nil"},
             {"true", "true"},
             {"42", "42"},
             {"1.5", "1.5"},
             {"\"text\"", "\"text\""},
             {"\\a", "\\a"},
             {":k", ":k"},
             {":a/b", ":a/b"},
             {"[1 :a \"s\"]", "[1 :a \"s\"]"},
             {"{:a 1}", "{:a 1}"},
             {"#{1}", "#{1}"},
             {"()", "()"},
             {"#uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"",
              "#uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\""}});
}

TEST_CASE("collections: evaluate their elements", "[lang]") {
  check_all({{"(let [x 1] [x (+ x 1)])", "[1 2]"},
             {"(let [x 1] {:a x :b (inc x)})", "{:a 1, :b 2}"},
             {"(let [x 1] {x :one})", "{1 :one}"},
             {"(let [x 1 k :a] {k x})", "{:a 1}"},
             {"(let [x 1] #{x})", "#{1}"},
             {"(let [x 1] {x 2 1 3})", "! Duplicate key: 1"},
             {"(let [x 1] #{x 1})", "! Duplicate key: 1"}});
}

TEST_CASE("quote: gives the form as data", "[lang]") {
  check_all({{"'(a b 1)", "(a b 1)"},
             {"(quote x)", "x"},
             {"'[x {:k y}]", "[x {:k y}]"},
             {"(first '(if x))", "if"}});
}

TEST_CASE("if: only nil and false are false", "[lang]") {
  check_all({{"(if true 1 2)", "1"},
             {"(if nil 1 2)", "2"},
             {"(if false 1)", "nil"},
             {"(if 0 1 2)", "1"},
             {"(if \"\" 1 2)", "1"},
             {"(if [] 1 2)", "1"},
             {"(let [m {:a nil :b false :c 0}] [(if (:a m) 1 2) (if (:b m) 1 2) (if (:c m) 1 2) "
              "(if (:d m) 1 2)])",
              "[2 2 1 2]"}});
}

TEST_CASE("when, when-not, if-not: choose by a test", "[lang]") {
  check_all({{"(when true 1 2)", "2"},
             {"(when nil 1)", "nil"},
             {"(when true)", "nil"},
             {"(when-not nil 1)", "1"},
             {"(when-not 1 1)", "nil"},
             {"(if-not nil 1 2)", "1"},
             {"(if-not 1 1)", "nil"}});
}

TEST_CASE("cond, condp: take the first clause that holds", "[lang]") {
  check_all({{"(cond)", "nil"},
             {"(cond false 1 nil 2)", "nil"},
             {"(cond false 1 :else 2)", "2"},
             {"(let [n 5] (cond (< n 3) :small (< n 10) :medium :else :large))", ":medium"},
             {"(condp = 2 1 :one 2 :two)", ":two"},
             {"(condp = 3 1 :one :other)", ":other"},
             {"(condp some [1 2 3] #{7} :seven #{2} :>> inc)", "3"},
             {"(condp = 3 1 :one)", "! No matching clause: 3"}});
}

TEST_CASE("case: compares with constants", "[lang]") {
  check_all({{"(case :a :a 1 :b 2)", "1"},
             {"(case \"z\" (:x :y) 1 \"z\" 2 3)", "2"},
             {"(case :y (:x :y) 1 2)", "1"},
             {"(case 'a a 1 2)", "1"},
             {"(case nil nil :none :some)", ":none"},
             {"(case [1 2] [1 2] :pair :no)", ":pair"},
             {"(case 1.0 1 :int :other)", ":other"},
             {"(case \\a \\a 1)", "1"},
             {"(case 11 1 :a 2 :b 3 :c 4 :d 5 :e 6 :f 7 :g 8 :h 9 :i 10 :j 11 :k)", ":k"},
             {"(case 7 1 2)", "! No matching clause: 7"},
             {"(case (map inc [0 1]) [1 2] :pair :no)", ":pair"}});
}

TEST_CASE("and, or, not: give the deciding value", "[lang]") {
  check_all({{"(and)", "true"},
             {"(and 1 2)", "2"},
             {"(and 1 nil 2)", "nil"},
             {"(and false 1)", "false"},
             {"(or)", "nil"},
             {"(or nil 2)", "2"},
             {"(or nil false)", "false"},
             {"(not nil)", "true"},
             {"(not 0)", "false"},
             {"(if (and 1 (or nil 2)) :y :n)", ":y"},
             {"(if (not (and 1 nil)) :y :n)", ":y"}});
}

TEST_CASE("let: binds in order, and hides", "[lang]") {
  check_all({{"(let [] 1)", "1"},
             {"(let [a 1 b (inc a)] b)", "2"},
             {"(let [a 1 a (inc a)] a)", "2"},
             {"(let [a 1] (let [a 2] a) a)", "1"},
             {"(let [inc dec] (inc 1))", "0"},
             {"(let [a 1])", "nil"},
             {"(let [v [1 2] w (conj v 3)] [v w])", "[[1 2] [1 2 3]]"},
             {"(let [m {:a 1} n (assoc m :a 2)] [m n])", "[{:a 1} {:a 2}]"}});
}

TEST_CASE("do: gives the last value", "[lang]") { check_all({{"(do)", "nil"}, {"(do 1 2)", "2"}}); }

TEST_CASE("loop, recur: turn until the body ends otherwise", "[lang]") {
  check_all(
      {{"(loop [i 0 sum 0] (if (< i 5) (recur (inc i) (+ sum i)) sum))", "10"},
       {"(loop [i 0 out []] (if (< i 3) (recur (inc i) (conj out i)) out))", "[0 1 2]"},
       {"(loop [[x & more] [1 2 3] sum 0] (if x (recur more (+ sum x)) sum))", "6"},
       {"(loop [a 1 b a] (if (< a 3) (recur (inc a) a) [a b]))", "[3 2]"},
       {"((fn [n acc] (if (zero? n) acc (recur (dec n) (* acc n)))) 5 1)", "120"},
       {"((fn [& xs] (if (next xs) (recur (rest xs)) (first xs))) 1 2 3)", "3"},
       {"(let [k 2] (loop [i 0 s []] (if (< i 3) (recur (inc i) (conj s (* k i))) s)))", "[0 2 4]"},
       {"(loop [i 0] (cond (> i 3) i :else (recur (inc i))))", "4"},
       {"(loop [i 0] (when (< i 3) (recur (inc i))))", "nil"},
       {"(loop [i 0 fs []] (if (< i 2) (recur (inc i) (conj fs (fn [] i))) (mapv (fn [f] (f)) "
        "fs)))",
        "[0 1]"},
       {"(loop [i 0 j 10] (if (< i j) (recur j i) [i j]))", "[10 0]"}});
}

TEST_CASE("fn: arities, rest, names, closures", "[lang]") {
  check_all({{"((fn [x] x) 1)", "1"},
             {"((fn ([] 0) ([x] 1) ([x & more] (count more))) 1 2 3)", "2"},
             {"((fn ([] 0) ([x] 1)))", "0"},
             {"((fn [& xs] xs))", "nil"},
             {"((fn [& xs] xs) 1 2)", "(1 2)"},
             {"((fn fact [n] (if (< n 2) 1 (* n (fact (dec n))))) 10)", "3628800"},
             {"(let [x 1 f (fn [y] (+ x y))] (f 2))", "3"},
             {"(let [x 1] (((fn [] (fn [] (inc x))))))", "2"},
             {"(#(+ %1 %2) 1 2)", "3"},
             {"(#(vector % %&) 1 2 3)", "[1 (2 3)]"},
             {"(map #(* % %) [1 2 3])", "(1 4 9)"},
             {"((fn [x] x))",
              "! wrong number of arguments to user/main-of-test/fn: 0 given, 1 accepted"}});
}

TEST_CASE("letfn: functions that call each other", "[lang]") {
  check_all({{"(letfn [(twice [x] (* 2 x))] (twice 4))", "8"},
             {"(letfn [(ev? [n] (if (zero? n) true (od? (dec n)))) (od? [n] (if (zero? n) false "
              "(ev? (dec n))))] "
              "[(ev? 10) (od? 10)])",
              "[true false]"},
             {"(let [k 3] (letfn [(f [x] (+ k (g x))) (g [x] (* k x))] (f 2)))", "9"},
             {"(letfn [(f [] (map (fn [x] (g x)) [1 2])) (g [x] (inc x))] (f))", "(2 3)"}});
}

TEST_CASE("for: nested bindings with :when, :let, :while", "[lang]") {
  check_all({{"(for [x [1 2 3]] (* x x))", "(1 4 9)"},
             {"(for [x [1 2] y [:a :b]] [x y])", "([1 :a] [1 :b] [2 :a] [2 :b])"},
             {"(for [x (range 10) :when (odd? x)] x)", "(1 3 5 7 9)"},
             {"(for [x (range 10) :while (< x 3)] x)", "(0 1 2)"},
             {"(for [x (range) :let [y (* x x)] :while (< y 10) :when (even? x)] y)", "(0 4)"},
             {"(for [x [1 2 3] :when (odd? x) y [10 20]] (+ x y))", "(11 21 13 23)"},
             {"(for [[k v] {:a 1}] [v k])", "([1 :a])"},
             {"(for [x []] x)", "()"},
             {"(first (for [x (range)] x))", "0"},
             {"(vec (for [x [1 2]] (for [y [x]] y)))", "[(1) (2)]"}});
}

TEST_CASE("threading: puts the value into each step", "[lang]") {
  check_all({{"(-> 1 inc (+ 10))", "12"},
             {"(-> {:a {:b 1}} :a :b)", "1"},
             {"(->> (range 6) (filter even?) (map inc) (reduce +))", "9"},
             {"(as-> 1 x (+ x 1) (* x x))", "4"},
             {"(some-> {:a 1} :a inc)", "2"},
             {"(some-> {:a 1} :b inc)", "nil"},
             {"(some->> [1 2] (map inc) first)", "2"},
             {"(some->> nil (map inc))", "nil"},
             {"(cond-> 1 true inc false (* 100) :always (+ 3))", "5"},
             {"(cond->> [1 2] true (map inc) nil (map dec))", "(2 3)"},
             {"(-> 5 (- 3))", "2"},
             {"(->> 5 (- 3))", "-2"}});
}

TEST_CASE("if-let, when-let, if-some, when-some: name the value tested", "[lang]") {
  check_all({{"(if-let [x 1] x 2)", "1"},
             {"(if-let [x nil] x 2)", "2"},
             {"(if-let [x false] x)", "nil"},
             {"(if-let [[a b] [1 2]] (+ a b) 0)", "3"},
             {"(when-let [x 1] (inc x))", "2"},
             {"(when-let [x nil] (inc x))", "nil"},
             {"(if-some [x false] [x] 2)", "[false]"},
             {"(if-some [x nil] [x] 2)", "2"},
             {"(when-some [x false] [x])", "[false]"},
             {"(when-first [x [1 2]] x)", "1"},
             {"(when-first [x []] 1)", "nil"},
             {"(let [x 5] (if-let [x nil] x x))", "5"}});
}

TEST_CASE("doseq, dotimes, doto, comment, lazy-seq: the smaller forms", "[lang]") {
  check_all({{"(doseq [x [1 2]] x)", "nil"},
             {"(dotimes [i 3] i)", "nil"},
             {"(doto 1 inc)", "1"},
             {"(comment (nothing here))", "nil"},
             {"(letfn [(nat [n] (lazy-seq (cons n (nat (inc n)))))] (take 3 (nat 0)))", "(0 1 2)"},
             {"(take 3 (lazy-cat [1] [2 3 4]))", "(1 2 3)"},
             {"(lazy-seq nil)", "()"}});
}

TEST_CASE("definitions: use those before them, and themselves", "[lang]") {
  check_all({{"(def a 1) (def b (inc a)) [a b]", "[1 2]"},
             {"(defn f \"doc\" [x] (if (pos? x) (f (dec x)) :end)) (f 3)", ":end"},
             {"(declare g) (defn f [x] (g x)) (defn g [x] (* 2 x)) (f 4)", "8"},
             {"(defn- hidden [] 7) (hidden)", "7"},
             {"(defn f ([] (f 1)) ([x] (f x 2)) ([x y] [x y])) (f)", "[1 2]"},
             {"(defn f [x & more] [x more]) [(f 1) (f 1 2 3)]", "[[1 nil] [1 (2 3)]]"},
             {"(def add-three (partial + 3)) (add-three 4)", "7"},
             {"(def config {:fn (fn [x] (inc x)) :k 1}) ((:fn config) (:k config))", "2"},
             {"(ns a.b (:require [clojure.string :as str])) (str/upper-case \"x\")", "\"X\""},
             {"(ns a (:require [clojure.string :refer [join]])) (join \",\" [1 2])", "\"1,2\""},
             {"(clojure.string/trim \" x \")", "\"x\""},
             {"(clojure.core/name :k)", "\"k\""},
             {"(defn update [m] [:mine m]) (update 1)", "[:mine 1]"}});
}

TEST_CASE("data in the place of a function: keywords, maps, sets, vectors", "[lang]") {
  check_all({{"(:a {:a 1})", "1"},
             {"(:b {:a 1} :no)", ":no"},
             {"(:a nil)", "nil"},
             {"(:a 5)", "nil"},
             {"(:a #{:a})", ":a"},
             {"({:a 1} :a)", "1"},
             {"({:a 1} :b 2)", "2"},
             {"(#{1 2} 2)", "2"},
             {"(#{1 2} 3)", "nil"},
             {"([:x :y] 1)", ":y"},
             {"([:x :y] 2)", "! index 2 is out of bounds for a vector of 2 elements"},
             {"('a {'a 1})", "1"},
             {"(map :a [{:a 1} {:a 2}])", "(1 2)"},
             {"(let [k :a] (k {:a 1}))", "1"},
             {"(let [f 5] (f 1))", "! 5 cannot be called as a function"},
             {"(let [f nil] (f 1))", "! nil cannot be called as a function"}});
}

TEST_CASE("interop spellings: the static calls that pure code uses", "[lang]") {
  check_all({{"(Math/abs -3)", "3"},
             {"(Math/sqrt 9.0)", "3.0"},
             {"(Long/parseLong \"12\")", "12"},
             {"(Integer/parseInt \"12\")", "12"},
             {"(Double/parseDouble \"1.5\")", "1.5"},
             {"Long/MAX_VALUE", "9223372036854775807"},
             {"Long/MIN_VALUE", "-9223372036854775808"},
             {"(java.lang.Math/floor 1.5)", "1.0"}});
}

TEST_CASE("updates: do not change what others hold", "[lang]") {
  check_all({{"(let [m {:n 1} a (update m :n inc) b (update m :n + 10)] [m a b])",
              "[{:n 1} {:n 2} {:n 11}]"},
             {"(let [m {:v [1]} a (update m :v conj 2)] [m a])", "[{:v [1]} {:v [1 2]}]"},
             {"(let [m {:a 1} a (assoc m :b 2 :c 3)] [m a])", "[{:a 1} {:a 1, :b 2, :c 3}]"},
             {"(let [m {:n 1} f (fn [] m)] [(update m :n inc) (f)])", "[{:n 2} {:n 1}]"},
             {"(let [m {:n 1}] [(update m :n inc) (update m :n inc)])", "[{:n 2} {:n 2}]"},
             {"(def m {:n 1}) (let [a (update m :n inc)] [m a])", "[{:n 1} {:n 2}]"},
             {"(update {:n 1} :n (fn [x] (* x 5)))", "{:n 5}"},
             {"(update {} :n (fnil inc 0))", "{:n 1}"},
             {"(update nil :n (fn [x] x))", "{:n nil}"},
             {"(assoc nil :a 1)", "{:a 1}"},
             {"(update {:n 1.5} :n inc)", "{:n 2.5}"},
             {"(update {:n 9223372036854775807} :n inc)", "! integer overflow"},
             {"(update {:n nil} :n inc)", "! inc needs a number, got nil"},
             {"(assoc 5 :a 1)", "! assoc needs a map, got 5"}});
}
