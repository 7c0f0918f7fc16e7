#include <catch2/catch.hpp>

#include "common/lang/reader.h"
#include "tests/unit/common/lang/evaluate.h"

using namespace onyx::lang;
using onyx::lang::test::compile_text;
using onyx::lang::test::outcome_of;
using onyx::lang::test::run;

TEST_CASE("limits: each ends the call by name", "[lang][limits]") {
  Limits few;
  few.steps = 200'000;
  CHECK(run("(loop [] (recur))", few) == "!! steps per call");
  CHECK(run("(defn f [x] (f x)) (f 1)") == "!! call depth");
  CHECK(run("(count (range))", few) == "!! steps per call");
  CHECK(run("(reduce + (range))", few) == "!! steps per call");
  CHECK(run("(every? (fn [x] true) (repeat 1))", few) == "!! steps per call");
  CHECK(run("(range)") == "!! length of a realised sequence");
  CHECK(run("{:a [(iterate inc 0)]}") == "!! length of a realised sequence");
  CHECK(run("(loop [s \"0123456789abcdef\"] (recur (str s s)))") == "!! bytes per call");
  CHECK(run("(loop [v [1 2 3 4 5 6 7 8]] (recur (into v v)))") == "!! bytes per call");
  CHECK(run("(loop [x nil n 0] (if (< n 2000) (recur [x] (inc n)) :built))") ==
        "!! nesting of a value");
  CHECK(run("(loop [x nil n 0] (if (< n 2000) (recur (list x) (inc n)) :built))") ==
        "!! nesting of a value");
  CHECK(run("(reduce (fn [m _] {:a m}) {} (range 2000))") == "!! nesting of a value");
  CHECK(run("(reduce (fn [m _] (assoc {:a 1} :a m)) {} (range 2000))") == "!! nesting of a value");
  CHECK(run("(reduce (fn [f _] (comp f inc)) inc (range 2000))") == "!! nesting of a value");
  CHECK(run("(reduce (fn [f _] (fn [] f)) nil (range 2000))") == "!! nesting of a value");
  CHECK(run("(first (reduce (fn [s _] (map inc s)) [1] (range 2000)))") == "!! nesting of a value");
}

TEST_CASE("limits: try does not see them", "[lang][limits]") {
  Limits few;
  few.steps = 10'000;
  CHECK(run("(try (loop [] (recur)) (catch Throwable e :caught))", few) == "!! steps per call");
  CHECK(run("(try (loop [] (recur)) (finally (loop [] (recur))))", few) == "!! steps per call");
  CHECK(run("(defn f [x] (try (f x) (catch Exception e 1))) (f 1)") == "!! call depth");
}

TEST_CASE("limits: outside they are exceptions that name the limit", "[lang][limits]") {
  const Outcome outcome = outcome_of("(loop [] (recur))", Limits{.steps = 1000});
  REQUIRE(outcome.kind == Outcome::Kind::limit);
  CHECK(outcome.limit == Limit::steps);
  CHECK_THAT(outcome.exception().message(), Catch::Contains("1000 steps"));
  CHECK(outcome.exception().data().get("onyx/limit") == onyx::edn::Value::string("steps per call"));
}

TEST_CASE("limits: what stays within them goes on", "[lang][limits]") {
  CHECK(run("(defn f [n] (if (zero? n) 0 (inc (f (dec n))))) (f 990)") == "990");
  CHECK(run("(count (range 100000))") == "100000");
  CHECK(run("(reduce + (map inc (range 100000)))") == "5000050000");
  CHECK(run("(count (vec (range 100000)))") == "100000");
  CHECK(run("(let [s (map inc (range 200000))] (count s) (count s))") == "200000");
  CHECK(run("(loop [i 0] (if (< i 1000000) (recur (inc i)) i))") == "1000000");
}

TEST_CASE("limits: after one was hit the instance works as before", "[lang][limits]") {
  const auto unit = compile_text("(ns t) (defn spin [x] (loop [] (recur))) (defn id [x] x)");
  REQUIRE(unit.compiled.program != nullptr);
  Instance instance(unit.compiled.program, Limits{.steps = 1000});
  const Value spin = instance.value(*unit.compiled.program->find(Value::keyword("t/spin")));
  const Value id = instance.value(*unit.compiled.program->find(Value::keyword("t/id")));
  for (int i = 0; i < 3; ++i) {
    Value argument = Value::integer(i);
    CHECK(instance.call(spin, std::span<Value>(&argument, 1)).kind == Outcome::Kind::limit);
    argument = Value::integer(i);
    CHECK(instance.call(id, std::span<Value>(&argument, 1)).value == Value::integer(i));
  }
}

TEST_CASE("limits: a small native stack ends deep calls before it overflows", "[lang][limits]") {
  const auto unit = compile_text("(ns t) (defn f [n] (if (zero? n) 0 (inc (f (dec n)))))");
  REQUIRE(unit.compiled.program != nullptr);
  Instance instance(unit.compiled.program);
  const Value f = instance.value(*unit.compiled.program->find(Value::keyword("t/f")));
  Value argument = Value::integer(900);
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  const Outcome outcome =
      instance.call(f, std::span<Value>(&argument, 1), here - Call::kStackReserve - 32 * 1024);
  REQUIRE(outcome.kind == Outcome::Kind::limit);
  CHECK(outcome.limit == Limit::depth);
}

namespace {

class CountingYield final : public Yield {
 public:
  explicit CountingYield(int allowed) : allowed_(allowed) {}
  bool poll() override { return ++polls < allowed_; }
  int polls = 0;

 private:
  int allowed_;
};

}  // namespace

TEST_CASE("yield: is asked every few thousand steps, and may end the call", "[lang][limits]") {
  const auto unit = compile_text("(ns t) (defn spin [x] (loop [] (recur)))");
  REQUIRE(unit.compiled.program != nullptr);
  CountingYield yield(10);
  Instance instance(unit.compiled.program, {}, &yield);
  const Value spin = instance.value(*unit.compiled.program->find(Value::keyword("t/spin")));
  Value argument;
  const Outcome outcome = instance.call(spin, std::span<Value>(&argument, 1));
  CHECK(outcome.limit == Limit::cancelled);
  CHECK(yield.polls == 10);
  CHECK(instance.steps_used() < 100'000);
}

TEST_CASE("limits: deep source is an error and not a crash", "[lang][limits]") {
  std::string deep;
  for (int i = 0; i < 450; ++i) deep += "(inc ";
  deep += "1";
  for (int i = 0; i < 450; ++i) deep += ")";
  CHECK(run(deep) == "? LANG-10 forms are nested more than 400 deep here");
  std::string flat = "(-> 1";
  for (int i = 0; i < 5000; ++i) flat += " inc";
  CHECK(run(flat + ")") == "? LANG-10 forms are nested more than 400 deep here");
  std::string cond = "(let [x 700] (cond";
  for (int i = 0; i < 2000; ++i) cond += " (= x " + std::to_string(i) + ") " + std::to_string(i);
  CHECK(run(cond + "))") == "700");
}
