#include <catch2/catch.hpp>

#include "tests/unit/common/lang/evaluate.h"

using namespace onyx::lang;
using onyx::lang::test::compile_text;
using onyx::lang::test::errors_of;

namespace {

void check_error(std::string_view text, std::string_view expected) {
  INFO(text);
  const auto errors = errors_of(text);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0] == expected);
}

std::vector<std::string> suggestions(std::string_view text) {
  const auto unit = compile_text(text);
  REQUIRE(unit.compiled.diagnostics.size() == 1);
  return unit.compiled.diagnostics[0].did_you_mean;
}

}  // namespace

TEST_CASE("errors: names that nothing has", "[lang][errors]") {
  check_error("(defn f [x] (+ x y))", "LANG-02 1:18 unable to resolve the symbol y");
  check_error("(defn f [x] (foo x))", "LANG-02 1:14 unable to resolve the symbol foo");
  check_error("(defn f [{:keys [n]} x] (foo n))", "LANG-02 1:26 unable to resolve the symbol foo");
  check_error("(defn f [x] (str/trim x))",
              "LANG-02 1:14 no namespace or alias str for the symbol str/trim");
  check_error("(defn f [x] (map when x))",
              "LANG-02 1:18 when is a form of its own and not a value");
  check_error("(declare f)", "LANG-02 1:10 user/f is declared but never defined");
  check_error("(defn f [] (g)) (defn g [] 1)", "LANG-02 1:13 unable to resolve the symbol g");
}

TEST_CASE("errors: suggest what was meant", "[lang][errors]") {
  CHECK(suggestions("(defn f [x] (upate x :n inc))").front() == "update");
  CHECK(suggestions("(defn f [segment] (:n segmnt))").front() == "segment");
  CHECK(suggestions("(defn normalise [x] x) (defn f [x] (normalize x))").front() == "normalise");
  CHECK(suggestions("(ns a (:require [clojure.string :as str])) (defn f [x] (str/uper-case x))")
            .front() == "str/upper-case");
  CHECK(suggestions("(defn f [x] (wehn x 1))").front() == "when");
}

TEST_CASE("errors: the number of arguments", "[lang][errors]") {
  check_error("(defn f [x] (inc x 1))", "LANG-03 1:13 inc is called with 2 arguments; it takes 1");
  check_error("(defn f [x] x) (defn g [] (f))",
              "LANG-03 1:27 f is called with 0 arguments; it takes 1");
  check_error("(defn f ([x] x) ([x y & z] x)) (defn g [] (f))",
              "LANG-03 1:43 f is called with 0 arguments; it takes 1 or at least 2");
  check_error("(defn f [x] (f x x))", "LANG-03 1:13 f is called with 2 arguments; it takes 1");
  check_error(
      "(defn f [x] (:k))",
      "LANG-03 1:13 :k is called with 0 arguments; a keyword takes a map, and may take a default");
  check_error(
      "(defn f [x] (:k x 1 2))",
      "LANG-03 1:13 :k is called with 3 arguments; a keyword takes a map, and may take a default");
}

TEST_CASE("errors: malformed forms", "[lang][errors]") {
  check_error("(defn f [x] (if x))",
              "LANG-04 1:13 if needs a test, a value, and perhaps another value");
  check_error("(defn f [x] (let [a] a))",
              "LANG-04 1:19 the bindings of let come in pairs of a name and a value");
  check_error("(defn f [x] (let a a))", "LANG-04 1:13 let needs a vector of bindings");
  check_error("(defn f [x] (cond x))", "LANG-04 1:19 cond needs pairs of a test and a value");
  check_error("(defn f [x] (case x 1 2 1 3))", "LANG-04 1:25 case has 1 twice");
  check_error("(defn f [x & ] x)",
              "LANG-04 1:12 & must be followed by exactly one name, at the end");
  check_error("(defn f ([x] x) ([y] y))", "LANG-04 1:18 there are two arities with 1 parameter");
  check_error("(defn f)", "LANG-04 1:1 defn needs a vector of parameters");
  check_error("(defn 5 [x] x)", "LANG-04 1:1 defn needs a name");
  check_error("(defn f [x] (def y 1))",
              "LANG-04 1:13 def stands only at the top, not inside of another form");
  check_error(
      "(println 1)",
      "LANG-04 1:1 only definitions stand at the top: ns, def, defn, defn-, declare, comment");
  check_error("(defn f [x] (throw))", "LANG-04 1:13 throw takes one exception");
  check_error("(defn f [x] (for [y x :wen y] y))", "LANG-04 1:23 for knows no :wen");
  check_error("(defn f [{:kyes [a]}] 1)", "LANG-04 1:11 :kyes is not part of a map pattern");
  check_error("(defn f [x] (re-find #\"[\" x))",
              errors_of("(defn f [x] (re-find #\"[\" x))").front());
  CHECK(errors_of("(defn f [x] (re-find #\"[\" x))").front().substr(0, 12) == "LANG-04 1:22");
}

TEST_CASE("errors: refused forms, each with its reason", "[lang][errors]") {
  for (const std::string_view form : {"(atom 1)",
                                      "(swap! x inc)",
                                      "(ref 1)",
                                      "(agent 1)",
                                      "(var f)",
                                      "(set! x 1)",
                                      "(binding [x 1] x)",
                                      "(eval '(+ 1 2))",
                                      "(read-string \"1\")",
                                      "(defmacro m [] 1)",
                                      "(defrecord R [a])",
                                      "(defprotocol P)",
                                      "(deftype T [a])",
                                      "(gen-class)",
                                      "(slurp \"x\")",
                                      "(rand)",
                                      "(rand-int 5)",
                                      "(new String)",
                                      "(.length x)",
                                      "(String. x)",
                                      "(future 1)",
                                      "(System/currentTimeMillis)"}) {
    INFO(form);
    const auto errors = errors_of("(defn f [x] " + std::string(form) + ")");
    REQUIRE(errors.size() >= 1);
    CHECK(errors[0].substr(0, 12) == "LANG-05 1:13");
  }
  check_error("(defn f [x] @x)",
              "LANG-05 1:13 @ is not accepted: there is nothing to dereference here");
  check_error("(defn f [x] #'x)", "LANG-05 1:13 #' is not accepted: there are no vars here");
  check_error("(ns a (:import java.util.Date))",
              "LANG-05 1:7 :import is not accepted: there are no Java classes here");
}

TEST_CASE("errors: recur", "[lang][errors]") {
  check_error("(defn f [x] (inc (recur x)))",
              "LANG-06 1:18 recur must be the last thing that its loop or function does");
  check_error("(defn f [x] (recur x x))",
              "LANG-06 1:13 recur gives 2 values, but its loop or function has 1 name");
  check_error("(defn f [x] (loop [a 1] (try (recur 1) (catch Exception e 1))))",
              "LANG-06 1:30 recur cannot leave a try");
  check_error("(defn f [x] (and (recur x) 1))",
              "LANG-06 1:18 recur must be the last thing that its loop or function does");
}

TEST_CASE("errors: calls of what is no function", "[lang][errors]") {
  check_error("(defn f [x] (1 2))", "LANG-07 1:14 1 cannot be called as a function");
  check_error("(defn f [x] (\"a\" x))", "LANG-07 1:14 \"a\" cannot be called as a function");
}

TEST_CASE("errors: namespaces", "[lang][errors]") {
  check_error("(ns a (:require [clojure.sting :as str]))",
              "LANG-08 1:18 there is no namespace clojure.sting in this job");
  check_error("(ns a (:use clojure.string))", "LANG-08 1:7 :use is not accepted in ns");
}

TEST_CASE("errors: a definition whose value cannot be computed", "[lang][errors]") {
  check_error("(def a (quot 1 0))",
              "LANG-09 1:8 the value of user/a cannot be computed: Divide by zero");
}

TEST_CASE("errors: all at once", "[lang][errors]") {
  CHECK(errors_of("(defn f [x] (foo x))\n(defn g [x] (bar x))\n(defn h [x] (inc))") ==
        std::vector<std::string>{"LANG-02 1:14 unable to resolve the symbol foo",
                                 "LANG-02 2:14 unable to resolve the symbol bar",
                                 "LANG-03 3:13 inc is called with 0 arguments; it takes 1"});
}

TEST_CASE("errors: have the path of the form in the job", "[lang][errors]") {
  const auto unit = compile_text("(ns a)\n(defn f [x] (foo x))");
  REQUIRE(unit.compiled.diagnostics.size() == 1);
  const auto& path = unit.compiled.diagnostics[0].path;
  REQUIRE(path.size() == 4);
  CHECK(path[0] == Value::keyword("functions"));
  CHECK(path[1] == Value::integer(1));
  CHECK(path[2] == Value::integer(3));
  CHECK(path[3] == Value::integer(0));
}
