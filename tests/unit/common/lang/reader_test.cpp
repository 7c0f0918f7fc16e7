#include "common/lang/reader.h"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "common/edn/printer.h"

using namespace onyx;
using onyx::lang::read_source;

namespace {

std::string read(std::string_view text) {
  const auto forms = read_source(text, "a.clj");
  if (!forms) {
    const auto& d = forms.error();
    return fmt::format("{} {}:{} {}", d.code, d.span.line, d.span.column, d.message);
  }
  std::string printed;
  for (const auto& form : *forms) {
    if (!printed.empty()) printed += ' ';
    printed += edn::print(form.value);
  }
  return printed;
}

}  // namespace

TEST_CASE("reader: what EDN has", "[lang][reader]") {
  CHECK(read("(a [1 2.5] {:k \"s\"} #{x} \\a \\space nil true)") ==
        "(a [1 2.5] {:k \"s\"} #{x} \\a \\space nil true)");
  CHECK(read("; comment\n1 ; more\n 2") == "1 2");
  CHECK(read("#_ (a b) 1 #_#_ 2 3 4") == "1 4");
  CHECK(read("#inst \"2016-02-29T23:59:59.999-00:00\"") ==
        "#inst \"2016-02-29T23:59:59.999-00:00\"");
  CHECK(read("\\( \\) \\\" \\\\") == "\\( \\) \\\" \\\\");
  CHECK(read("foo' a/b + -1 -a ->x") == "foo' a/b + -1 -a ->x");
  CHECK(read("") == "");
}

TEST_CASE("reader: short forms of code", "[lang][reader]") {
  CHECK(read("'x") == "(quote x)");
  CHECK(read("''x") == "(quote (quote x))");
  CHECK(read("#(inc %)") == "(fn [p1__] (inc p1__))");
  CHECK(read("#(f %2 %&)") == "(fn [p1__ p2__ & rest__] (f p2__ rest__))");
  CHECK(read("#(f)") == "(fn [] (f))");
  CHECK(read("#\"a\\d\\\"\"") == "(re-pattern \"a\\\\d\\\\\\\"\")");
  CHECK(read("^:private x") == "x");
  CHECK(read("^{:doc \"d\"} [a]") == "[a]");
  CHECK(read("(defn ^String f [^long x] x)") == "(defn f [x] x)");
  CHECK(read("#!shebang\n1") == "1");
}

TEST_CASE("reader: places of everything", "[lang][reader]") {
  const auto forms = read_source("(ns a)\n(defn f [λx]\n  'y)", "a.clj");
  REQUIRE(forms.has_value());
  const edn::Place& defn = (*forms)[1].place;
  CHECK(defn.span.line == 2);
  CHECK(defn.span.column == 1);
  CHECK(defn.span.end_line == 3);
  CHECK(defn.children[2].children[0].span.column == 10);
  CHECK(defn.children[2].children[0].span.end_column == 12);
  CHECK(defn.children[3].span.line == 3);
  CHECK(defn.children[3].children[1].span.column == 4);
}

TEST_CASE("reader: errors point at the place", "[lang][reader]") {
  CHECK(read("(a\n(b)") == "LANG-01 1:1 the file ends, and this is never closed; ) is missing");
  CHECK(read("(a ]") == "LANG-01 1:4 unexpected ]: ) is expected here");
  CHECK(read("a )") == "LANG-01 1:3 unexpected ): nothing is open here");
  CHECK(read("\"abc") == "LANG-01 1:1 the string is never closed");
  CHECK(read("{:a}") == "LANG-01 1:2 a map needs pairs of key and value");
  CHECK(read("{:a 1 :a 2}") == "LANG-01 1:1 the map has a key twice");
  CHECK(read("#(a #(b))") == "LANG-01 1:5 #() cannot stand inside of #()");
  CHECK(read("'") == "LANG-01 1:1 the file ends where ' needs a form");
  CHECK(read("('  )") == "LANG-01 1:5 unexpected ): ' needs a form");
  CHECK(read("@x").substr(0, 11) == "LANG-05 1:1");
  CHECK(read("`x").substr(0, 11) == "LANG-05 1:1");
  CHECK(read("#=x").substr(0, 11) == "LANG-05 1:1");
  CHECK(read("#?(:clj 1)").substr(0, 11) == "LANG-05 1:1");
  CHECK(read("(a 12345678901234567890)").substr(0, 3) == "EDN");
  CHECK(read(std::string(100'000, '(')) == "LANG-01 1:513 forms are nested more than 512 deep");
}
