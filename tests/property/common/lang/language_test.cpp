// Laws of the function language, on generated values and programs.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "common/edn/printer.h"
#include "common/lang/program.h"
#include "common/lang/reader.h"

using namespace onyx;
using namespace onyx::lang;

namespace {

// A program of one file, or the test fails.
class Unit {
 public:
  explicit Unit(std::string_view text) {
    auto forms = read_source(text, "property.clj");
    REQUIRE(forms.has_value());
    forms_ = std::move(*forms);
    Source source;
    source.files.emplace_back();
    for (const edn::Document& form : forms_)
      source.files[0].forms.push_back({form.value, &form.place});
    Compiled compiled = compile(source);
    for (const auto& diagnostic : compiled.diagnostics) FAIL_CHECK(diagnostic.message);
    REQUIRE(compiled.program != nullptr);
    program_ = compiled.program;
  }
  const std::shared_ptr<const Program>& program() const { return program_; }

  Outcome call(std::string_view name, std::vector<Value> args) const {
    Instance instance(program_);
    return instance.call(instance.value(*program_->find(Value::keyword(name))), args);
  }

 private:
  std::vector<edn::Document> forms_;
  std::shared_ptr<const Program> program_;
};

rc::Gen<Value> scalars() {
  return rc::gen::oneOf(
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(),
                   [](std::int64_t i) { return Value::integer(i); }),
      rc::gen::map(
          rc::gen::inRange(0, 5),
          [](int i) { return Value::keyword(std::string(1, static_cast<char>('a' + i))); }),
      rc::gen::just(Value()), rc::gen::just(Value::boolean(true)),
      rc::gen::map(rc::gen::container<std::string>(rc::gen::inRange('a', 'z')),
                   [](const std::string& s) { return Value::string(s); }));
}

rc::Gen<Value> segments() {
  return rc::gen::map(rc::gen::container<std::vector<std::pair<int, Value>>>(
                          rc::gen::pair(rc::gen::inRange(0, 6), scalars())),
                      [](const std::vector<std::pair<int, Value>>& pairs) {
                        Value map = Value::map();
                        for (const auto& [key, value] : pairs) {
                          map = std::move(map).assoc(
                              Value::keyword(std::string(1, static_cast<char>('a' + key))), value);
                        }
                        return map;
                      });
}

std::string shown(const Outcome& outcome) {
  return outcome.is_value()
             ? edn::print_canonical(outcome.value)
             : fmt::format("{} {}", static_cast<int>(outcome.kind), outcome.exception().message());
}

}  // namespace

TEST_CASE("evaluation: the same segment gives the same result and steps, on any instance",
          "[lang]") {
  const Unit unit(
      "(ns p) (defn f [{:keys [a b] :as s}]"
      "  (let [t (assoc s :c [a b] :d (count s))]"
      "    (reduce (fn [m k] (update m k (fn [v] [v k]))) t (keys s))))");
  CHECK(rc::check("equal results", [&] {
    const Value segment = *segments();
    Instance first(unit.program());
    Instance second(unit.program());
    const Reference f = *unit.program()->find(Value::keyword("p/f"));
    Value a = segment;
    Value b = segment;
    const Outcome one = first.call(first.value(f), std::span<Value>(&a, 1));
    first.call(first.value(f), std::span<Value>(&b, 1));
    b = segment;
    const Outcome other = second.call(second.value(f), std::span<Value>(&b, 1));
    RC_ASSERT(shown(one) == shown(other));
    RC_ASSERT(first.steps_used() == second.steps_used());
  }));
}

TEST_CASE("updates: in place or copied, the result is the same and the argument unharmed",
          "[lang]") {
  const Unit unit(
      "(ns p)"
      "(defn in-place [s v] (assoc (update (assoc s :a v) :b vector v) :e (:a s)))"
      "(defn by-core [s v] (let [f assoc g update] (f (g (f s :a v) :b vector v) :e (get s :a))))"
      "(defn kept [s v] [(assoc s :a v) s])");
  CHECK(rc::check("assoc and update agree with the functions of the library", [&] {
    const Value segment = *segments();
    const Value before = segment;
    const Value value = *scalars();
    RC_ASSERT(shown(unit.call("p/in-place", {segment, value})) ==
              shown(unit.call("p/by-core", {segment, value})));
    const Outcome kept = unit.call("p/kept", {segment, value});
    RC_ASSERT(kept.value.at(1) == before);
    RC_ASSERT(segment == before);
  }));
}

TEST_CASE("destructuring: agrees with nth, get and drop", "[lang]") {
  const Unit unit(
      "(ns p)"
      "(defn taken [[a b & more :as all]] [a b more all])"
      "(defn asked [v] [(nth v 0 nil) (nth v 1 nil) (seq (drop 2 v)) v])"
      "(defn keyed [{:keys [a b] x :c :or {b 7}}] [a b x])"
      "(defn got [m] [(get m :a) (get m :b 7) (get m :c)])");
  CHECK(rc::check("vectors", [&] {
    const auto items = *rc::gen::container<std::vector<Value>>(scalars());
    for (const Value& sequence : {Value::vector(items), Value::list(items)}) {
      RC_ASSERT(shown(unit.call("p/taken", {sequence})) == shown(unit.call("p/asked", {sequence})));
    }
  }));
  CHECK(rc::check("maps", [&] {
    const Value segment = *segments();
    RC_ASSERT(shown(unit.call("p/keyed", {segment})) == shown(unit.call("p/got", {segment})));
  }));
}

TEST_CASE("arity: a call succeeds exactly when the reference accepts it", "[lang]") {
  const Unit unit("(ns p) (defn f ([] 0) ([a b] 2) ([a b c & more] (+ 3 (count more))))");
  const Reference f = *unit.program()->find(Value::keyword("p/f"));
  CHECK(rc::check("accepts", [&] {
    const auto count = *rc::gen::inRange<std::size_t>(0, 8);
    const Outcome outcome = unit.call("p/f", std::vector<Value>(count));
    RC_ASSERT(outcome.is_value() == f.accepts(count));
    if (outcome.is_value())
      RC_ASSERT(outcome.value == Value::integer(static_cast<std::int64_t>(count)));
  }));
}

TEST_CASE("arithmetic: nodes and functions agree", "[lang]") {
  const Unit unit(
      "(ns p) (defn node [a b] [(+ a b) (- a b) (* a b) (< a b) (<= a b) (> a b) (>= a b) (= a b) "
      "(inc a)])"
      "(defn function [a b] (conj (mapv (fn [f] (f a b)) [+ - * < <= > >= =]) (apply inc [a])))");
  CHECK(rc::check("the same values and errors", [&] {
    const auto number = rc::gen::oneOf(
        rc::gen::map(rc::gen::arbitrary<std::int64_t>(),
                     [](std::int64_t i) { return Value::integer(i); }),
        rc::gen::map(rc::gen::arbitrary<double>(), [](double d) { return Value::real(d); }),
        rc::gen::map(rc::gen::inRange(-9, 9), [](int i) { return Value::integer(i); }),
        rc::gen::map(rc::gen::inRange(-9, 9), [](int i) { return *Value::ratio(i, 4); }));
    const Value a = *number;
    const Value b = *number;
    RC_ASSERT(shown(unit.call("p/node", {a, b})) == shown(unit.call("p/function", {a, b})));
  }));
}

TEST_CASE("compile: any text gives a program or errors", "[lang]") {
  CHECK(rc::check("never more", [] {
    static const std::vector<std::string> kWords = {
        "(",   ")",     "[",     "]",   "{",   "}",     "#{",     "#(",    "'",     "fn",    "let",
        "if",  "defn",  "f",     "x",   "&",   "recur", "loop",   "%",     ":keys", ":as",   "1",
        "nil", "\"s\"", "case",  "for", "try", "catch", "cond->", "->",    "letfn", "quote", "def",
        "ns",  ":or",   "throw", "#_",  "^",   "map",   "update", "assoc", ":a"};
    const auto picks = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, kWords.size()));
    std::string text;
    for (const std::size_t pick : picks) text += kWords[pick] + " ";
    const auto forms = read_source(text, "any.clj");
    if (!forms) return;
    Source source;
    source.files.emplace_back();
    for (const edn::Document& form : *forms)
      source.files[0].forms.push_back({form.value, &form.place});
    const Value wrapped = *edn::read("(defn f [x] x)");
    source.inline_forms.push_back({{wrapped}, "", {}});
    for (const edn::Document& form : *forms)
      source.inline_forms.push_back({{form.value, &form.place}, "", {}});
    const Compiled compiled = compile(source, Limits{.steps = 10'000});
    RC_ASSERT((compiled.program == nullptr) == !compiled.diagnostics.empty());
  }));
}
