#include <catch2/catch.hpp>

#include "unit/common/lang_core/expression.h"

namespace onyx::lang {
namespace {

TEST_CASE("core maps: access, update and nil", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(get {:a 1} :a)", "1"},
      {"(get {:a 1} :b 2)", "2"},
      {"(get nil :a)", "nil"},
      {"(get [1 2] 5 :none)", ":none"},
      {"(get \"abc\" 1)", "\\b"},
      {"(get 5 :a)", "nil"},
      {"(get-in {:a {:b 1}} [:a :b])", "1"},
      {"(get-in {:a nil} [:a :b] 7)", "7"},
      {"(get-in {:a 1} [])", "{:a 1}"},
      {"(assoc nil :a 1)", "{:a 1}"},
      {"(assoc {:a 1} :b 2 :a 3)", "{:a 3, :b 2}"},
      {"(assoc [1 2] 2 3)", "[1 2 3]"},
      {"(assoc [1 2] 3 3)", "~out of bounds"},
      {"(assoc {} :a)", "~arguments"},
      {"(assoc {} :a 1 :b)", "~:b"},
      {"(assoc 1 :a 1)", "~assoc.*1"},
      {"(assoc-in {} [:a :b] 1)", "{:a {:b 1}}"},
      {"(assoc-in [[1]] [0 1] 2)", "[[1 2]]"},
      {"(dissoc {:a 1 :b 2} :a :c)", "{:b 2}"},
      {"(dissoc nil :a)", "nil"},
      {"(update {:a 1} :a + 2 3)", "{:a 6}"},
      {"(update {} :a (fnil inc 0))", "{:a 1}"},
      {"(update-in {:a {:b 1}} [:a :b] inc)", "{:a {:b 2}}"},
      {"(update-in {} [:a :b] conj 1)", "{:a {:b (1)}}"},
      {"(merge)", "nil"},
      {"(merge nil nil)", "nil"},
      {"(merge nil {:a 1} nil {:a 2})", "{:a 2}"},
      {"(merge {:a 1} [:b 2])", "{:a 1, :b 2}"},
      {"(merge-with + {:a 1} {:a 2 :b 3} nil)", "{:a 3, :b 3}"},
      {"(select-keys {:a 1 :b nil} [:b :c])", "{:b nil}"},
      {"(select-keys nil [:a])", "{}"},
      {"(zipmap [:a :b :c] [1 2])", "{:a 1, :b 2}"},
      {"(keys {:a 1})", "(:a)"},
      {"(keys {})", "nil"},
      {"(vals nil)", "nil"},
      {"(keys [1])", "~keys.*map"},
      {"(key (first {:a 1}))", ":a"},
      {"(find {:a nil} :a)", "[:a nil]"},
      {"(contains? {:a nil} :a)", "true"},
      {"(contains? [5] 0)", "true"},
      {"(contains? nil 0)", "false"},
      {"(contains? (list 1) 1)", "~contains\\?"},
      {"(reduce-kv (fn [acc k v] (assoc acc v k)) {} {:a 1})", "{1 :a}"},
      {"(reduce-kv (fn [acc i v] (if (= i 1) (reduced acc) (+ acc v))) 0 [5 6 7])", "5"},
      {"(update-vals {:a 1} inc)", "{:a 2}"},
      {"(update-keys {:a 1} name)", "{\"a\" 1}"},
      {"(hash-map :a)", "~:a"},
      {"({:a 1} :a)", "1"},
      {"(into {} (map (fn [e] [(val e) (key e)]) {:a 1}))", "{1 :a}"},
  };
  check(kRows);
}

TEST_CASE("core collections: vectors, lists and sets", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(conj nil 1)", "(1)"},
      {"(conj nil 1 2)", "(2 1)"},
      {"(conj [1] 2 3)", "[1 2 3]"},
      {"(conj (list 1) 2)", "(2 1)"},
      {"(conj {:a 1} [:b 2])", "{:a 1, :b 2}"},
      {"(conj {:a 1} [:b])", "~conj on a map"},
      {"(conj #{1} 1)", "#{1}"},
      {"(conj)", "[]"},
      {"(conj 1 2)", "~conj.*1"},
      {"(into [1] (list 2 3))", "[1 2 3]"},
      {"(into (list) [1 2])", "(2 1)"},
      {"(into {} [[:a 1] {:b 2}])", "{:a 1, :b 2}"},
      {"(into #{} [1 1])", "#{1}"},
      {"(into [] (map inc) [1 2])", "[2 3]"},
      {"(nth [1 2] 1)", "2"},
      {"(nth [1 2] 2)", "~index 2 is out of bounds"},
      {"(nth [1 2] 2 :x)", ":x"},
      {"(nth nil 3)", "nil"},
      {"(nth (list 1 2) 1)", "2"},
      {"(nth (range) 5)", "5"},
      {"(nth {} 0)", "~nth"},
      {"(peek [1 2])", "2"},
      {"(peek (list 1 2))", "1"},
      {"(peek nil)", "nil"},
      {"(pop [1 2])", "[1]"},
      {"(pop (list 1 2))", "(2)"},
      {"(pop [])", "! Can't pop empty vector"},
      {"(subvec [1 2 3 4] 1 3)", "[2 3]"},
      {"(subvec [1] 2)", "~subvec"},
      {"(vec (range 3))", "[0 1 2]"},
      {"(list* 1 2 [3 4])", "(1 2 3 4)"},
      {"(= (set [1 2 1]) #{1 2})", "true"},
      {"(disj #{1 2} 1)", "#{2}"},
      {"(set (map list [1 1]))", "#{(1)}"},
      {"(empty [1])", "[]"},
      {"(empty \"a\")", "nil"},
      {"(not-empty [])", "nil"},
      {"(count nil)", "0"},
      {"(count \"añ😀\")", "3"},
      {"(count 5)", "~count.*5"},
      {"(empty? \"\")", "true"},
      {"(reverse [1 2 3])", "(3 2 1)"},
      {"(rseq [])", "nil"},
      {"(= (set/union #{1} #{2} nil) #{1 2})", "true"},
      {"(set/intersection #{1 2} #{2 3})", "#{2}"},
      {"(set/difference #{1 2 3} #{2} #{3})", "#{1}"},
      {"(set/subset? #{1} #{1 2})", "true"},
      {"(set/superset? #{1} #{1 2})", "false"},
      {"(set/rename-keys {:a 1 :b 2} {:a :b :b :a})", "~\\{:b 1, :a 2\\}|\\{:a 2, :b 1\\}"},
      {"(set/map-invert {:a 1})", "{1 :a}"},
      {"(set/project #{{:a 1 :b 2}} [:a])", "#{{:a 1}}"},
      {"(set/join #{{:a 1 :b 2}} #{{:a 1 :c 3}})", "~#\\{\\{.*:c 3.*\\}\\}"},
      {"(set/select odd? #{1 2 3})", "~#\\{(1 3|3 1)\\}"},
      {"(walk/keywordize-keys {\"a\" [{\"b\" 1}]})", "{:a [{:b 1}]}"},
      {"(walk/stringify-keys {:a {:n/b 1}})", "{\"a\" {\"b\" 1}}"},
      {"(walk/postwalk (fn [x] (if (number? x) (inc x) x)) [1 {:a (list 2)}])", "[2 {:a (3)}]"},
      {"(walk/prewalk (fn [x] (if (vector? x) (vec (rest x)) x)) [1 [2 3]])", "[[3]]"},
  };
  check(kRows);
}

TEST_CASE("core collections: reading a key of a lazy sequence finds an equal list",
          "[lang][core]") {
  CHECK(run("(get {[1 2] :found} (map inc [0 1]))") == ":found");
  CHECK(run("(contains? #{[1]} (take 1 (iterate inc 1)))") == "true");
}

}  // namespace
}  // namespace onyx::lang
