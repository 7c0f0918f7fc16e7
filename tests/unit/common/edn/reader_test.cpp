#include "common/edn/reader.h"

#include <catch2/catch.hpp>

#include "common/edn/iteration.h"
#include "common/edn/printer.h"

using namespace onyx::edn;

namespace {

// What the text reads as, printed; the code of the error otherwise.
std::string reads_as(std::string_view text) {
  const auto value = read(text);
  return value ? print(*value) : value.error().code;
}

}  // namespace

TEST_CASE("reader: reads what Clojure reads", "[edn]") {
  const std::pair<const char*, const char*> rows[] = {
      {"nil", "nil"},
      {"true", "true"},
      {"0", "0"},
      {"+7", "7"},
      {"-0", "0"},
      {"0x2A", "42"},
      {"-0xff", "-255"},
      {"052", "42"},
      {"2r101", "5"},
      {"36rZZ", "1295"},
      {"42N", "42"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"3/4", "3/4"},
      {"6/4", "3/2"},
      {"-4/2", "-2"},
      {"1.", "1.0"},
      {"1e3", "1000.0"},
      {"1E10", "1.0E10"},
      {"08.5", "8.5"},
      {"1e-400", "0.0"},
      {"5e-324", "4.9E-324"},
      {"##Inf", "##Inf"},
      {"##-Inf", "##-Inf"},
      {"[##NaN]", "[##NaN]"},
      {":a", ":a"},
      {":a/b", ":a/b"},
      {":a:b", ":a:b"},
      {":1", ":1"},
      {":/", ":/"},
      {"/", "/"},
      {"a/b", "a/b"},
      {"+", "+"},
      {"-a", "-a"},
      {".5", ".5"},
      {"'a", "'a"},
      {"a#b", "a#b"},
      {"nilly", "nilly"},
      {"\\a", "\\a"},
      {"\\newline", "\\newline"},
      {"\\u0041", "\\A"},
      {"\\o101", "\\A"},
      {"\\u", "\\u"},
      {"[\\(]", "[\\(]"},
      {"[\\, 1]", "[\\, 1]"},
      {"\"a\\n\\t\\\"\\\\\\u00e9\\101\"", "\"a\\n\\t\\\"\\\\éA\""},
      {"\"\\ud83d\\ude00\"", "\"😀\""},
      {"\"line\nline\"", "\"line\\nline\""},
      {"#inst \"2024\"", "#inst \"2024-01-01T00:00:00.000-00:00\""},
      {"#inst \"2024-02-29T23:59:59.1239+01:30\"", "#inst \"2024-02-29T22:29:59.123-00:00\""},
      {"#inst \"1969-12-31T23:59:59.999Z\"", "#inst \"1969-12-31T23:59:59.999-00:00\""},
      {"#uuid \"F81D4FAE-7dec-11d0-a765-00a0c91e6bf6\"",
       "#uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\""},
      {"#my/tag [1]", "#my/tag [1]"},
      {"#a #b 1", "#a #b 1"},
      {"[1 #_ 2 3]", "[1 3]"},
      {"[#_ #_ 1 2 3]", "[3]"},
      {"[#_ #t 1 2]", "[2]"},
      {"[#t #_ 1 2]", "[#t 2]"},
      {"#_ a 1", "1"},
      {"1 #_ a ; end", "1"},
      {"{:a 1, , :b 2}", "{:a 1, :b 2}"},
      {"#:n{:a 1 :_/b 2 :c/d 3 e 4 \"f\" 5}", "{:n/a 1, n/e 4}"},
      {"(1(2)[3]\"4\"5)", "(1 (2) [3] \"4\" 5)"},
      {"[1\u20282\u3000"
       "3]",
       "[1 2 3]"},
      {"; only\n7", "7"},
      {"[1;x\n2]", "[1 2]"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    if (std::string_view(text).substr(0, 2) == "#:") {
      // Not a record, for it has a symbol among its keys: its order is that of the hashes.
      const auto map = read(text);
      REQUIRE(map.has_value());
      CHECK(*map == *read("{:n/a 1 :b 2 :c/d 3 n/e 4 \"f\" 5}"));
    } else {
      CHECK(reads_as(text) == expected);
    }
  }
}

TEST_CASE("reader: 512 levels are read, 513 are not", "[edn]") {
  const std::string open(512, '['), close(512, ']');
  CHECK(read(open + close).has_value());
  CHECK(reads_as("[" + open + close + "]") == "EDN-19");
}

TEST_CASE("reader: places count lines from 1, columns in code points, offsets in bytes", "[edn]") {
  const std::string text = "{:é 1\n :b  [2 \"ü\"]}";
  const auto document = read_document(text, "f.edn");
  REQUIRE(document.has_value());
  const Place& map = document->place;
  CHECK(map.span.line == 1);
  CHECK(map.span.end_line == 2);
  CHECK(map.span.end_column == 14);
  CHECK(map.span.end_offset == text.size());
  REQUIRE(map.children.size() == 4);
  CHECK(map.children[1].span.column == 5);
  CHECK(map.children[1].span.offset == 5);
  CHECK(map.children[2].span.line == 2);
  CHECK(map.children[2].span.column == 2);
  REQUIRE(map.children[3].children.size() == 2);
  CHECK(map.children[3].children[1].span.column == 9);
  CHECK(map.children[3].children[1].span.end_column == 12);
}

TEST_CASE("reader: several documents, each with its place", "[edn]") {
  const auto all = read_all("1 #_ x\n[2]\n", "f.edn");
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 2);
  CHECK((*all)[1].place.span.line == 2);
  CHECK(read_all("", "f").value().empty());
}

TEST_CASE("locate: the value, its key, or the deepest that exists", "[edn]") {
  const std::string text = "{:catalog [{:onyx/name :in}\n           {:onyx/name :out 5 6}]}";
  const auto document = read_document(text, "job.edn");
  REQUIRE(document.has_value());
  const auto at = [&](std::vector<Value> path, bool of_key = false) {
    const Span span = locate(document->value, document->place, path, of_key);
    return text.substr(span.offset, span.end_offset - span.offset);
  };
  const Value catalog = Value::keyword("catalog"), name = Value::keyword("onyx/name");
  CHECK(at({catalog, Value::integer(1), name}) == ":out");
  CHECK(at({catalog, Value::integer(1), name}, true) == ":onyx/name");
  CHECK(at({catalog, Value::integer(1), Value::integer(5)}) == "6");
  CHECK(at({catalog, Value::integer(0), Value::keyword("onyx/fn")}) == "{:onyx/name :in}");
  CHECK(at({catalog, Value::integer(7)}).front() == '[');
  CHECK(at({}) == text);
}

TEST_CASE("reader: a wide document is read in one pass", "[edn]") {
  std::string text = "[";
  for (int i = 0; i < 200'000; ++i) text += "{:a 1} ";
  text += "]";
  const auto document = read_document(text, "f");
  REQUIRE(document.has_value());
  CHECK(document->value.count() == 200'000);
  CHECK(document->place.children.back().span.column == 1 + 1 + 199'999 * 7);
}
