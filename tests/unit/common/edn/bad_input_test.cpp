// What the reader refuses, each with its code and place.
#include <catch2/catch.hpp>

#include "common/edn/reader.h"
#include "common/edn/reader_rules.h"

using namespace onyx::edn;

namespace {

struct Row {
  std::string text;
  const char* code;
  std::uint32_t line, column;
  std::uint64_t offset;
};

}  // namespace

TEST_CASE("bad input: the error has code, line, column and byte offset", "[edn]") {
  const Row rows[] = {
      {"[1 2", "EDN-01", 1, 5, 4},
      {"{:a [1 2}", "EDN-02", 1, 9, 8},
      {"\n\"abc", "EDN-01", 2, 1, 1},
      {"1 )", "EDN-02", 1, 3, 2},
      {")", "EDN-02", 1, 1, 0},
      {"{:a}", "EDN-03", 1, 2, 1},
      {"{:a 1 :b}", "EDN-03", 1, 7, 6},
      {"{:a 1\n :a 2}", "EDN-04", 2, 2, 7},
      {"{1 1 1 2}", "EDN-04", 1, 6, 5},
      {"{[1] 1 (1) 2}", "EDN-04", 1, 8, 7},
      {"#:a{:b 1 :a/b 2}", "EDN-04", 1, 10, 9},
      {"#{1 2 1}", "EDN-05", 1, 7, 6},
      {":", "EDN-06", 1, 1, 0},
      {"::a", "EDN-06", 1, 1, 0},
      {"[a/]", "EDN-06", 1, 2, 1},
      {"a:", "EDN-06", 1, 1, 0},
      {"/a", "EDN-06", 1, 1, 0},
      {"a::b", "EDN-06", 1, 1, 0},
      {":a/1", "EDN-06", 1, 1, 0},
      {"//", "EDN-06", 1, 1, 0},
      {"a@b", "EDN-06", 1, 1, 0},
      {"[:a\xef\xbb\xbf]", "EDN-06", 1, 2, 1},
      {"#:a{:4 1}", "EDN-06", 1, 1, 0},
      {"[#:a{_/nil 1}]", "EDN-06", 1, 2, 1},
      {"#:a{_/:b 1}", "EDN-06", 1, 1, 0},
      {"1a", "EDN-07", 1, 1, 0},
      {"08", "EDN-07", 1, 1, 0},
      {"0x", "EDN-07", 1, 1, 0},
      {"2r102", "EDN-07", 1, 1, 0},
      {"37r1", "EDN-07", 1, 1, 0},
      {"1.2.3", "EDN-07", 1, 1, 0},
      {"1e", "EDN-07", 1, 1, 0},
      {"1/-2", "EDN-07", 1, 1, 0},
      {"9223372036854775808", "EDN-08", 1, 1, 0},
      {"-9223372036854775809", "EDN-08", 1, 1, 0},
      {"0xffffffffffffffff", "EDN-08", 1, 1, 0},
      {"[99999999999999999999N]", "EDN-08", 1, 2, 1},
      {"1/99999999999999999999", "EDN-08", 1, 1, 0},
      {"1e999", "EDN-09", 1, 1, 0},
      {"-1e999999999", "EDN-09", 1, 1, 0},
      {"1.5M", "EDN-10", 1, 1, 0},
      {"7M", "EDN-10", 1, 1, 0},
      {"1/0", "EDN-11", 1, 1, 0},
      {"\\foo", "EDN-12", 1, 1, 0},
      {"\\ud83d", "EDN-12", 1, 1, 0},
      {"\\o400", "EDN-12", 1, 1, 0},
      {"\\", "EDN-12", 1, 1, 0},
      {"\"a\\q\"", "EDN-13", 1, 3, 2},
      {"\"\\u12\"", "EDN-13", 1, 2, 1},
      {"\"\\ud83d\"", "EDN-13", 1, 2, 1},
      {"\"\\ude00\\ud83d\"", "EDN-13", 1, 2, 1},
      {"\"\\400\"", "EDN-13", 1, 2, 1},
      {"#inst \"2024-13-01\"", "EDN-14", 1, 7, 6},
      {"#inst \"2023-02-29\"", "EDN-14", 1, 7, 6},
      {"#inst \"tomorrow\"", "EDN-14", 1, 7, 6},
      {"#inst 5", "EDN-14", 1, 7, 6},
      {"#uuid \"f81d4fae\"", "EDN-15", 1, 7, 6},
      {"#uuid :a", "EDN-15", 1, 7, 6},
      {"^:a b", "EDN-16", 1, 1, 0},
      {"@a", "EDN-16", 1, 1, 0},
      {"`a", "EDN-16", 1, 1, 0},
      {"~a", "EDN-16", 1, 1, 0},
      {"#(a)", "EDN-16", 1, 1, 0},
      {"#'a", "EDN-16", 1, 1, 0},
      {"#\"a\"", "EDN-16", 1, 1, 0},
      {"#<a>", "EDN-16", 1, 1, 0},
      {"# a", "EDN-16", 1, 1, 0},
      {"#", "EDN-16", 1, 1, 0},
      {"#_", "EDN-17", 1, 1, 0},
      {"[1 #_]", "EDN-17", 1, 4, 3},
      {"[#tag]", "EDN-17", 1, 2, 1},
      {"#:a 1", "EDN-18", 1, 1, 0},
      {"#:a/b{}", "EDN-18", 1, 1, 0},
      {"#::a{}", "EDN-18", 1, 1, 0},
      {std::string(1'000'000, '['), "EDN-19", 1, 513, 512},
      {std::string(513, '('), "EDN-19", 1, 513, 512},
      {std::string(100'000, '1'), "EDN-20", 1, 1, 0},
      {"[\"\xc3\"]", "EDN-22", 1, 3, 2},
      {"\xff", "EDN-22", 1, 1, 0},
      {"\xed\xa0\x80", "EDN-22", 1, 1, 0},
      {"\xc0\x80", "EDN-22", 1, 1, 0},
      {"\xef\xbb\xbf{}", "EDN-23", 1, 1, 0},
      {std::string("[1\0 2]", 6), "EDN-24", 1, 3, 2},
      {"1 2", "EDN-25", 1, 3, 2},
      {"{} {}", "EDN-25", 1, 4, 3},
      {"", "EDN-26", 1, 1, 0},
      {" ; nothing", "EDN-26", 1, 11, 10},
      {"#_ 1", "EDN-26", 1, 5, 4},
      {"##Nan", "EDN-28", 1, 1, 0},
  };
  for (const Row& row : rows) {
    INFO(row.text.substr(0, 60));
    for (const bool with_places : {false, true}) {
      const auto value = read(row.text);
      const auto document = read_document(row.text, "bad.edn");
      REQUIRE_FALSE((with_places ? document.has_value() : value.has_value()));
      const Diagnostic& error = with_places ? document.error() : value.error();
      CHECK(error.code == row.code);
      CHECK(error.span.line == row.line);
      CHECK(error.span.column == row.column);
      CHECK(error.span.offset == row.offset);
      CHECK_FALSE(error.message.empty());
    }
  }
}

TEST_CASE("bad input: a million discards end at the nesting limit", "[edn]") {
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += "#_";
  const auto value = read(text);
  REQUIRE_FALSE(value.has_value());
  CHECK(value.error().code == "EDN-19");
}

TEST_CASE("bad input: a document beyond 16 MiB is refused before it is read", "[edn]") {
  const auto value = read("\"" + std::string(16 * 1024 * 1024, 'x') + "\"");
  REQUIRE_FALSE(value.has_value());
  CHECK(value.error().code == "EDN-21");
}

TEST_CASE("bad input: a long namespace is not multiplied without bound", "[edn]") {
  std::string text = "#:" + std::string(1'000'000, 'n') + "{";
  for (int i = 0; i < 1000; ++i) text += ":k" + std::to_string(i) + " 1 ";
  const auto value = read(text + "}");
  REQUIRE_FALSE(value.has_value());
  CHECK(value.error().code == "EDN-21");
}

TEST_CASE("bad input: a repeated key names both places", "[edn]") {
  const auto value = read_document("{:a 1\n :b 2\n :a 3}", "f");
  REQUIRE_FALSE(value.has_value());
  REQUIRE(value.error().related.size() == 1);
  CHECK(value.error().related[0].span.line == 1);
  CHECK(value.error().related[0].span.column == 2);
}

TEST_CASE("bad input: every rule has a code in order, a title and an explanation", "[edn]") {
  int number = 1;
  for (const ReadRuleText& rule : read_rules()) {
    CHECK(rule.code == (number < 10 ? "EDN-0" : "EDN-") + std::to_string(number));
    CHECK_FALSE(rule.title.empty());
    CHECK_FALSE(rule.explanation.empty());
    ++number;
  }
  CHECK(number == static_cast<int>(ReadRule::invalid_symbolic_value) + 1);
}
