#include <catch2/catch.hpp>

#include "common/edn/printer.h"
#include "tests/unit/common/lang/evaluate.h"

namespace onyx::lang {
namespace {

Value value(std::string_view text) { return edn::read(text).value(); }

std::vector<Value> elements_of(std::string_view text) {
  std::vector<Value> elements;
  // Read one by one, so that nobody else holds them.
  for (const Value& element : value(text).items()) elements.push_back(value(edn::print(element)));
  return elements;
}

struct Function {
  explicit Function(const std::string& text)
      : unit(test::compile_text("(ns t) (def f " + text + ")")),
        instance(unit.compiled.program),
        f(instance.value(*unit.compiled.program->find(Value::keyword("t/f")))) {}

  std::size_t on(std::vector<Value>& elements, std::vector<Value> leading = {}) {
    return instance.call_each(f, leading, elements, other);
  }

  test::Unit unit;
  Instance instance;
  Value f;
  Outcome other;
};

TEST_CASE("call_each: maps take the place of the elements", "[lang][call_each]") {
  Function inc("(fn [s] (update s :n inc))");
  std::vector<Value> elements = elements_of("[{:n 1 :m 1} {:n 2} {:n 2.5}]");
  const edn::Object* first = elements[0].object();
  CHECK(inc.on(elements) == 3);
  CHECK(elements == elements_of("[{:n 2 :m 1} {:n 3} {:n 3.5}]"));
  CHECK(elements[0].object() == first);  // changed in place
}

TEST_CASE("call_each: leading arguments come first and stay", "[lang][call_each]") {
  Function f("(fn [k by s] (assoc s k (* by (:n s))))");
  std::vector<Value> elements = elements_of("[{:n 1} {:n 2}]");
  CHECK(f.on(elements, {value(":by"), value("10")}) == 2);
  CHECK(elements == elements_of("[{:n 1 :by 10} {:n 2 :by 20}]"));
}

TEST_CASE("call_each: what others hold is not changed", "[lang][call_each]") {
  Function inc("(fn [s] (update s :n inc))");
  const Value shared = value("{:n 1}");
  std::vector<Value> elements(2, shared);
  CHECK(inc.on(elements) == 2);
  CHECK(shared == value("{:n 1}"));
  CHECK(elements == elements_of("[{:n 2} {:n 2}]"));
}

TEST_CASE("call_each: anything callable", "[lang][call_each]") {
  for (const char* text : {"identity", "(fn ([s] s) ([a b] b))", "(fn [& all] (last all))",
                           "(partial merge {})", "(comp identity identity)"}) {
    INFO(text);
    Function f(text);
    std::vector<Value> elements = elements_of("[{:n 1} {:n 2}]");
    CHECK(f.on(elements) == 2);
    CHECK(elements == elements_of("[{:n 1} {:n 2}]"));
  }
  Function wrong("(fn [a b] a)");
  std::vector<Value> elements = elements_of("[{:n 1}]");
  CHECK(wrong.on(elements) == 0);
  CHECK(wrong.other.kind == Outcome::Kind::exception);
  CHECK(elements == elements_of("[{:n 1}]"));
}

struct Stop {
  const char* function;
  const char* element;
};

// At the second of three elements.
void stops_and_spares(const Stop& stop, Outcome::Kind kind, const std::string& result = {}) {
  INFO(stop.function << " of " << stop.element);
  Function f(stop.function);
  for (const bool is_shared : {false, true}) {
    std::vector<Value> elements = elements_of("[{:n 1 :v [1] :ok true} nil {:n 2}]");
    elements[1] = value(stop.element);
    const Value shared = is_shared ? elements[1] : Value();
    CHECK(f.on(elements) == 1);
    CHECK(f.other.kind == kind);
    if (!result.empty()) CHECK(edn::print(f.other.value) == result);
    f.other = {};
    CHECK(elements[1] == value(stop.element));
    CHECK(elements[2] == value("{:n 2}"));
    if (elements[1].object() != nullptr) {
      CHECK(elements[1].is_unique() != is_shared);  // nobody keeps it, or a part of it
    }
  }
}

TEST_CASE("call_each: an element that an exception came from is as it was", "[lang][call_each]") {
  for (const Stop& stop : std::vector<Stop>{
           {"(fn [s] (update s :n inc))", "{:n \"text\" :long \"more than fourteen bytes\"}"},
           {"(fn [s] (update s :n + 1))", "{:n [1 2]}"},
           {"(fn [s] (update s :n inc))", "7"},
           {"(fn [s] (assoc s :m (/ 1 (:n s))))", "{:n 0}"},
           {"(fn [s] (assoc s :a 1 :m (/ 1 (:n s))))", "{:n 0}"},
           {"(fn [s] (assoc s :xs (map inc [(:n s)])))", "{:n \"a\"}"},
           {"(fn [s] (assoc s :a 1 :xs (map inc [(:n s)])))", "{:n \"a\"}"},
           {"(fn [s] (if (:ok s) (assoc s :a 1) (throw (ex-info \"no\" {}))))", "{:n 1}"},
           {"(fn [s] (if (pos? (:n s)) s {}))", "{:n :k}"},
           {"(fn [s] (-> s (assoc :a 1) (dissoc :v) (update :n inc)))", "{:n nil :v [1 2]}"},
           {"(fn [s] (let [t (assoc s :a 1)] (update t :n inc)))", "{:n []}"},
           {"(fn [s] (-> s (update :v conj 3) (update :n inc)))", "{:n nil :v [1 2]}"},
           {"(fn [{:keys [n] :as s}] (assoc s :n (inc n)))", "{:n :k}"},
           {"(fn [s] (do (assoc s :a 1) (update s :n inc)))", "{:n :k}"},
           {"(fn [s] (update s :n (fn [n] (inc n))))", "{:n :k :v [[1]]}"},
           {"(fn [s] (reduce (fn [t k] (assoc t k (inc (:n t)))) s [:a :b]))", "{:n nil}"},
       }) {
    stops_and_spares(stop, Outcome::Kind::exception);
  }
}

TEST_CASE("call_each: an element that a limit was hit on is as it was", "[lang][call_each]") {
  stops_and_spares({"(fn [s] (if (:n s) s (loop [] (recur))))", "{:m 1}"}, Outcome::Kind::limit);
  const char* deep =
      "(fn [s] (assoc s :a 1 :v (if (:n s) [] (loop [i 0 v []] (if (< i 999) (recur (inc i) [v]) "
      "v)))))";
  stops_and_spares({deep, "{:m 1}"}, Outcome::Kind::limit);
  const char* deep_again =
      "(fn [s] (assoc s :v (if (:n s) [] (loop [i 0 v []] (if (< i 999) (recur (inc i) [v]) v)))))";
  stops_and_spares({deep_again, "{:v 1}"}, Outcome::Kind::limit);
}

TEST_CASE("call_each: an element whose result is no map is as it was", "[lang][call_each]") {
  const auto gives = [](Stop stop, const char* result) {
    stops_and_spares(stop, Outcome::Kind::value, result);
  };
  gives({"(fn [s] (if (:n s) s []))", "{:m 1}"}, "[]");
  gives({"(fn [s] (if (:n s) (assoc s :a 1) nil))", "{:m 1}"}, "nil");
  gives({"(fn [s] (cond (:n s) s :else \"none\"))", "{:m 1}"}, "\"none\"");
  gives({"(fn [s] (if (:n s) s (:m (assoc s :m 5))))", "{:m 1}"}, "5");
  gives({"(fn [s] (if (:n s) s (vector (assoc s :m 5))))", "{:m 1}"}, "[{:m 5}]");
  gives({"identity", "[1 2]"}, "[1 2]");
  gives({"(fn [s] s)", "7"}, "7");
}

}  // namespace
}  // namespace onyx::lang
