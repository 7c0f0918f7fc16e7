#include "common/json/parser.h"

#include <catch2/catch.hpp>

#include <string>

#include "common/edn/printer.h"

namespace onyx::json {
namespace {

std::string read(std::string_view text, Keys keys = Keys::keyword) {
  const auto value = parse(text, keys);
  return value ? edn::print(*value) : "! " + value.error().text();
}

TEST_CASE("json parser: a flat line becomes a record in the order of its keys", "[json]") {
  const auto value = parse(R"({"date":"2001/01/01 00:47","delay":66,"distance":1750})");
  REQUIRE(value.has_value());
  CHECK(edn::print(*value) == R"({:date "2001/01/01 00:47", :delay 66, :distance 1750})");
  CHECK(value->as_record() != nullptr);
}

TEST_CASE("json parser: the second line of a shape shares the first one's shape", "[json]") {
  Parser parser;
  const auto first = parser.parse(R"({"a":1,"b":{"c":2}})");
  const auto second = parser.parse(R"( { "a" : 3 , "b" : { "c" : [4] } } )");
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(first->as_record()->shape == second->as_record()->shape);
  CHECK(first->get("b").as_record()->shape == second->get("b").as_record()->shape);
}

TEST_CASE("json parser: lines of changing shapes are each read right", "[json]") {
  Parser parser;
  const auto again = [&](std::string_view text) {
    const auto value = parser.parse(text);
    return value ? edn::print(*value) : "! " + value.error().text();
  };
  for (int round = 0; round < 3; ++round) {
    CHECK(again(R"({"a":1,"b":2})") == "{:a 1, :b 2}");
    CHECK(again(R"({"b":1,"a":2})") == "{:b 1, :a 2}");
    CHECK(again(R"({"a":1})") == "{:a 1}");
    CHECK(again(R"({"ab":1,"a":2})") == "{:ab 1, :a 2}");
    CHECK(again(R"({"a":1,"b":2,"a":3})") == "! byte 14: the key \"a\" occurs twice in one object");
    CHECK(again(R"({"\u0061":1,"b":2})") == "{:a 1, :b 2}");
    CHECK(again(R"({"a":1,"\u0061":2})") == "! byte 8: the key \"a\" occurs twice in one object");
    CHECK(again("{}") == "{}");
    CHECK(again(R"({"a":{"a":{"a":null}}})") == "{:a {:a {:a nil}}}");
  }
}

TEST_CASE("json parser: more distinct keys than it remembers are still read", "[json]") {
  Parser parser(Keys::string);
  for (int i = 0; i < 10'000; ++i) {
    const std::string key = "k" + std::to_string(i);
    const auto value = parser.parse("{\"" + key + "\":{\"" + key + "\":1}}");
    REQUIRE(value.has_value());
    REQUIRE(edn::print(*value) == "{\"" + key + "\" {\"" + key + "\" 1}}");
  }
}

TEST_CASE("json parser: an object of more than 64 keys is a map, and its doubles are found",
          "[json]") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += ",\"k" + std::to_string(i) + "\":" + std::to_string(i);
  text[0] = '{';
  const auto value = parse(text + "}");
  REQUIRE(value.has_value());
  CHECK(value->count() == 300);
  CHECK(value->get("k299").as_integer() == 299);
  CHECK_THAT(read(text + ",\"k7\":0}"),
             Catch::EndsWith("the key \"k7\" occurs twice in the object that ends here"));
}

TEST_CASE("json parser: scalars", "[json]") {
  CHECK(read("null") == "nil");
  CHECK(read(" true ") == "true");
  CHECK(read("false\n") == "false");
  CHECK(read("\"\"") == "\"\"");
  CHECK(read("0") == "0");
  CHECK(read("-0") == "0");
  CHECK(read("[]") == "[]");
  CHECK(read("[1,[2,{}],\"x\"]") == "[1 [2 {}] \"x\"]");
}

TEST_CASE("json parser: 64-bit integers are exact and wider ones are refused by name", "[json]") {
  CHECK(read("9223372036854775807") == "9223372036854775807");
  CHECK(read("-9223372036854775808") == "-9223372036854775808");
  CHECK(read("9007199254740993") == "9007199254740993");
  CHECK(read("9223372036854775808") ==
        "! byte 1: the integer 9223372036854775808 does not fit 64 bits; write it as a string or "
        "with a fraction");
  CHECK_THAT(read("[1" + std::string(5000, '0') + "]"), Catch::Contains("does not fit 64 bits"));
}

TEST_CASE("json parser: a fraction or an exponent makes a double", "[json]") {
  CHECK(parse("1.0")->is_real());
  CHECK(parse("1e3")->as_real() == 1000.0);
  CHECK(parse("0.1")->as_real() == 0.1);
  CHECK(parse("-2.5E-3")->as_real() == -0.0025);
  CHECK(parse("5e-324")->as_real() == 5e-324);
  CHECK(parse("1e-400")->as_real() == 0.0);
  CHECK(parse("1" + std::string(400, '0') + "e-400")->as_real() == 1.0);
  CHECK_THAT(read("1e400"), Catch::Contains("too large for a double"));
  CHECK_THAT(read("1" + std::string(400, '0') + "e-50"), Catch::Contains("too large for a double"));
}

TEST_CASE("json parser: strings keep every character", "[json]") {
  CHECK(parse(R"("a\"\\\/\b\f\n\r\t")")->as_string() == "a\"\\/\b\f\n\r\t");
  CHECK(parse(R"("\u00e9\u20ac\ud83d\ude00")")->as_string() == "é€😀");
  CHECK(parse("\"Zürich 東京 😀 and more than sixteen bytes\"")->as_string() ==
        "Zürich 東京 😀 and more than sixteen bytes");
  CHECK(parse(R"("\u0000")")->as_string() == std::string_view("\0", 1));
  CHECK(parse("\"" + std::string(100'000, 'x') + "\"")->as_string().size() == 100'000);
}

TEST_CASE("json parser: keys by option", "[json]") {
  CHECK(read(R"({"a/b":1})") == "{:a/b 1}");
  CHECK(read(R"({"a/b":1})", Keys::string) == R"({"a/b" 1})");
}

TEST_CASE("json parser: malformed text says where and what", "[json]") {
  CHECK(read("") == "! byte 1: the text ends where a value was expected");
  CHECK(read("{") == "! byte 2: the text ends where a key in double quotes was expected");
  CHECK(read("{\"a\"}") == "! byte 5: found `}`, expected `:`");
  CHECK(read("{\"a\":}") == "! byte 6: found `}`, expected a value");
  CHECK(read("{\"a\":1,}") == "! byte 8: found `}`, expected a key in double quotes");
  CHECK(read("{a:1}") == "! byte 2: found `a`, expected a key in double quotes");
  CHECK(read("[1 2]") == "! byte 4: found `2`, expected `,` or `]`");
  CHECK(read("[1,]") == "! byte 4: found `]`, expected a value");
  CHECK(read("{\"a\":1} x") == "! byte 9: found `x`, expected the end of the text");
  CHECK_THAT(read("nul"), Catch::Contains("bare word"));
  CHECK_THAT(read("NaN"), Catch::Contains("found `N`"));
  CHECK_THAT(read("01"), Catch::Contains("cannot start with a zero"));
  CHECK_THAT(read("-"), Catch::Contains("a digit"));
  CHECK_THAT(read("1."), Catch::Contains("a digit"));
  CHECK_THAT(read("1e"), Catch::Contains("a digit"));
  CHECK_THAT(read("+1"), Catch::Contains("found `+`"));
  CHECK(read("\"abc") == "! byte 1: this string has no closing quote");
  CHECK_THAT(read("\"a\nb\""), Catch::Contains("byte 3"));
  CHECK_THAT(read("\"\\x\""), Catch::Contains("escape"));
  CHECK_THAT(read("\"\\u12g4\""), Catch::Contains("four hexadecimal digits"));
  CHECK_THAT(read("\"\\ud83d\""), Catch::Contains("surrogate"));
  CHECK_THAT(read("\"\\ude00\""), Catch::Contains("surrogate"));
  CHECK_THAT(read("\"\\ud83d\\u0041\""), Catch::Contains("surrogate"));
  CHECK_THAT(read(std::string_view("\0", 1)), Catch::Contains("NUL"));
}

TEST_CASE("json parser: invalid UTF-8 is refused wherever it stands", "[json]") {
  for (const char* bad : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF"}) {
    CAPTURE(bad);
    CHECK(read(std::string("\"") + bad + "\"") == "! byte 2: not UTF-8");
    CHECK(read(std::string("{\"") + bad + "\":1}") == "! byte 3: not UTF-8");
    CHECK(read(bad) == "! byte 1: not UTF-8");
  }
}

TEST_CASE("json parser: nesting has a limit that is reported", "[json]") {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(parse(nested(kDepthMax)).has_value());
  CHECK_THAT(read(nested(kDepthMax + 1)), Catch::Contains("nested deeper than 512"));
  CHECK_THAT(read(std::string(1'000'000, '[')), Catch::Contains("nested deeper than 512"));
  std::string objects;
  for (int i = 0; i < 1'000'000; ++i) objects += "{\"a\":";
  CHECK_THAT(read(objects), Catch::Contains("nested deeper than 512"));
}

TEST_CASE("json parser: a failed text leaves nothing behind for the next", "[json]") {
  Parser parser;
  CHECK_FALSE(parser.parse(R"({"a":1,"b":[{"c":)").has_value());
  const auto value = parser.parse(R"({"a":1,"b":[{"c":2}]})");
  REQUIRE(value.has_value());
  CHECK(edn::print(*value) == "{:a 1, :b [{:c 2}]}");
}

}  // namespace
}  // namespace onyx::json
