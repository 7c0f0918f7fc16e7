#include "tests/unit/common/lang/evaluate.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "common/edn/printer.h"
#include "common/lang/reader.h"

namespace onyx::lang::test {

namespace {

Source source_of(const std::vector<edn::Document>& forms, std::string_view file) {
  SourceFile source;
  source.file = std::string(file);
  source.path = {Value::keyword("functions")};
  for (const edn::Document& form : forms) source.forms.push_back({form.value, &form.place});
  Source all;
  all.files.push_back(std::move(source));
  return all;
}

std::string head_of(const Value& form) {
  if (!form.is_list() || form.count() == 0 || !form.at(0).is_symbol()) return {};
  return form.at(0).name()->text;
}

bool is_definition(const Value& form) {
  const std::string head = head_of(form);
  return head == "ns" || head == "def" || head == "defn" || head == "defn-" || head == "declare";
}

// The expressions that are no definitions become the body of a function.
std::vector<edn::Document> with_main(std::vector<edn::Document> forms) {
  std::vector<edn::Document> made;
  std::vector<Value> body{Value::symbol("defn"), Value::symbol("main-of-test"), Value::vector()};
  edn::Place place;
  place.children.resize(3);
  for (edn::Document& form : forms) {
    if (is_definition(form.value)) {
      made.push_back(std::move(form));
    } else {
      body.push_back(std::move(form.value));
      place.children.push_back(std::move(form.place));
    }
  }
  made.push_back({Value::list(std::move(body)), std::move(place)});
  return made;
}

std::string describe_error(const edn::Diagnostic& d) {
  return fmt::format("{} {}:{} {}", d.code, d.span.line, d.span.column, d.message);
}

}  // namespace

Unit compile_text(std::string_view text, std::string_view file) {
  Unit unit;
  auto read = read_source(text, file);
  if (!read) {
    unit.compiled.diagnostics.push_back(read.error());
    return unit;
  }
  unit.forms = std::move(*read);
  unit.compiled = compile(source_of(unit.forms, file));
  return unit;
}

namespace {

struct Main {
  std::vector<edn::Document> forms;
  Compiled compiled;
};

Main compile_main(std::string_view text) {
  Main main;
  auto read = read_source(text, "test.clj");
  if (!read) {
    main.compiled.diagnostics.push_back(read.error());
    return main;
  }
  main.forms = with_main(std::move(*read));
  main.compiled = compile(source_of(main.forms, "test.clj"));
  return main;
}

Outcome call_main(const Main& main, const Limits& limits, LineSink* lines) {
  Instance instance(main.compiled.program, limits, nullptr, lines);
  std::optional<Reference> found;
  for (const std::string& name : main.compiled.program->names()) {
    if (name.find("/main-of-test") != std::string::npos) {
      found = main.compiled.program->find(Value::keyword(name));
    }
  }
  REQUIRE(found.has_value());
  return instance.call(instance.value(*found), {});
}

}  // namespace

Outcome outcome_of(std::string_view text, const Limits& limits, LineSink* lines) {
  const Main main = compile_main(text);
  for (const auto& diagnostic : main.compiled.diagnostics) FAIL_CHECK(describe_error(diagnostic));
  REQUIRE(main.compiled.program != nullptr);
  return call_main(main, limits, lines);
}

std::string run(std::string_view text, const Limits& limits) {
  const Main main = compile_main(text);
  if (!main.compiled.diagnostics.empty()) {
    return fmt::format("? {} {}", main.compiled.diagnostics[0].code,
                       main.compiled.diagnostics[0].message);
  }
  const Outcome outcome = call_main(main, limits, nullptr);
  switch (outcome.kind) {
    case Outcome::Kind::value:
      return edn::print(outcome.value);
    case Outcome::Kind::exception:
      return "! " + outcome.exception().message();
    case Outcome::Kind::limit:
      return fmt::format("!! {}", name_of(outcome.limit));
  }
  return {};
}

std::vector<std::string> errors_of(std::string_view text) {
  const Unit unit = compile_text(text);
  std::vector<std::string> errors;
  for (const auto& diagnostic : unit.compiled.diagnostics)
    errors.push_back(describe_error(diagnostic));
  return errors;
}

void check_all(const std::vector<Example>& examples) {
  for (const Example& example : examples) {
    INFO(example.expression);
    CHECK(run(example.expression) == example.expected);
  }
}

}  // namespace onyx::lang::test
