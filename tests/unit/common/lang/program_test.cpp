#include "common/lang/program.h"

#include <catch2/catch.hpp>

#include <thread>

#include "common/edn/printer.h"
#include "tests/unit/common/lang/evaluate.h"

using namespace onyx::lang;
using onyx::lang::test::compile_text;

namespace {

Value keyword(std::string_view name) { return Value::keyword(name); }

Value call1(Instance& instance, const Value& function, Value argument) {
  Outcome outcome = instance.call(function, std::span<Value>(&argument, 1));
  REQUIRE(outcome.is_value());
  return std::move(outcome.value);
}

}  // namespace

TEST_CASE("program: answers what validation asks", "[lang][program]") {
  const auto unit = compile_text(
      "(ns my.app) (defn f ([a] a) ([a b] b)) (def calls {:before f}) (def limit 5) (def g "
      "(partial f 1))");
  REQUIRE(unit.compiled.program != nullptr);
  const Program& program = *unit.compiled.program;
  const auto f = program.find(keyword("my.app/f"));
  REQUIRE(f.has_value());
  CHECK(f->is_function());
  CHECK(f->accepts(1));
  CHECK(f->accepts(2));
  CHECK_FALSE(f->accepts(3));
  CHECK(f->accepted() == "1 or 2");
  CHECK(program.find(keyword("my.app/calls"))->value().is_map());
  CHECK_FALSE(program.find(keyword("my.app/limit"))->is_function());
  CHECK(program.find(keyword("my.app/g"))->is_function());
  CHECK(program.find(keyword("clojure.core/identity"))->accepts(1));
  CHECK_FALSE(program.find(keyword("my.app/none")).has_value());
  CHECK(program.did_you_mean(keyword("my.app/limits")).front() == ":my.app/limit");
  CHECK(program.names() ==
        std::vector<std::string>{"my.app/f", "my.app/calls", "my.app/limit", "my.app/g"});
}

TEST_CASE("program: compiles inline forms, and finds them by the form", "[lang][program]") {
  Source source;
  SourceFile file;
  const Value ns = *onyx::edn::read("(ns my.app)");
  const Value helper = *onyx::edn::read("(defn twice [x] (* 2 x))");
  file.forms = {{ns}, {helper}};
  file.path = {keyword("functions")};
  source.files.push_back(file);
  const Value form = *onyx::edn::read("(fn [segment] (update segment :n twice))");
  source.inline_forms.push_back(
      {{form}, "", {keyword("catalog"), Value::integer(0), keyword("onyx/fn")}});
  const Compiled compiled = compile(source);
  REQUIRE(compiled.program != nullptr);
  const auto found = compiled.program->find(form);
  REQUIRE(found.has_value());
  CHECK(found->accepts(1));
  Instance instance(compiled.program);
  CHECK(onyx::edn::print(call1(instance, instance.value(*found), *onyx::edn::read("{:n 3}"))) ==
        "{:n 6}");

  source.inline_forms[0].source.form = *onyx::edn::read("(fn [segment] (nothing segment))");
  const Compiled wrong = compile(source);
  REQUIRE(wrong.diagnostics.size() == 1);
  CHECK(wrong.diagnostics[0].path[0] == keyword("catalog"));
}

TEST_CASE("program: namespaces are taken in the order of what they require", "[lang][program]") {
  const auto unit = compile_text(
      "(ns b (:require [a :as other])) (defn g [x] (other/f x)) (ns a) (defn f [x] (inc x))");
  for (const auto& diagnostic : unit.compiled.diagnostics) FAIL_CHECK(diagnostic.message);
  REQUIRE(unit.compiled.program != nullptr);
  Instance instance(unit.compiled.program);
  const Value g = instance.value(*unit.compiled.program->find(keyword("b/g")));
  CHECK(call1(instance, g, Value::integer(1)) == Value::integer(2));
}

TEST_CASE("program: one for many instances on many threads", "[lang][program]") {
  const auto unit = compile_text(
      "(ns t) (def table {:a 1 :b [1 2]}) (def step (partial + 1))"
      "(defn f [s] (let [m (assoc s :n (step (:n s)) :t (:a table))] (reduce + (:n m) (map inc (:b "
      "table)))))");
  REQUIRE(unit.compiled.program != nullptr);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Instance instance(unit.compiled.program);
      const Value f = instance.value(*unit.compiled.program->find(keyword("t/f")));
      for (int i = 0; i < 500; ++i) {
        Value segment = Value::map({{keyword("n"), Value::integer(i)}});
        const Outcome outcome = instance.call(f, std::span<Value>(&segment, 1));
        if (!outcome.is_value() || outcome.value != Value::integer(i + 6)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("program: inline caches follow segments of different shapes", "[lang][program]") {
  const auto unit = compile_text("(ns t) (defn f [s] (assoc (update s :n inc) :m (:k s)))");
  REQUIRE(unit.compiled.program != nullptr);
  Instance instance(unit.compiled.program);
  const Value f = instance.value(*unit.compiled.program->find(keyword("t/f")));
  for (int round = 0; round < 2; ++round) {
    for (const auto& [given, expected] :
         std::vector<std::pair<std::string, std::string>>{{"{:n 1, :k 2}", "{:n 2, :k 2, :m 2}"},
                                                          {"{:k 3, :n 1}", "{:k 3, :n 2, :m 3}"},
                                                          {"{:n 1}", "{:n 2, :m nil}"},
                                                          {"{:m 0, :n 1}", "{:m nil, :n 2}"},
                                                          {"{:n 5, 7 8}", "{:n 6, 7 8, :m nil}"}}) {
      CHECK(call1(instance, f, *onyx::edn::read(given)) == *onyx::edn::read(expected));
    }
  }
}

TEST_CASE("instance: leaves the caller's values alone", "[lang][program]") {
  const auto unit = compile_text("(ns t) (defn f [s] (update s :n inc))");
  Instance instance(unit.compiled.program);
  const Value f = instance.value(*unit.compiled.program->find(keyword("t/f")));
  const Value mine = *onyx::edn::read("{:n 1}");
  CHECK(call1(instance, f, mine) == *onyx::edn::read("{:n 2}"));
  CHECK(mine == *onyx::edn::read("{:n 1}"));
}

TEST_CASE("println: writes to the sink, a line at a time", "[lang][program]") {
  struct Lines final : LineSink {
    std::vector<std::string> lines;
    void line(std::string_view text) override { lines.emplace_back(text); }
  } lines;
  test::outcome_of("(println \"a\" 1 :k)", {}, &lines);
  CHECK(lines.lines == std::vector<std::string>{"a 1 :k"});
}
