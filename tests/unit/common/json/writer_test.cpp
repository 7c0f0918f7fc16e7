#include "common/json/writer.h"

#include <catch2/catch.hpp>

#include <limits>
#include <string>

#include "common/edn/reader.h"
#include "common/json/parser.h"

namespace onyx::json {
namespace {

using edn::Value;

std::string text(const Value& value) {
  const auto result = write(value);
  return result ? *result : "! " + result.error().message();
}

std::string text(std::string_view edn) {
  const auto value = edn::read(edn);
  REQUIRE(value.has_value());
  return text(*value);
}

TEST_CASE("json writer: every kind of data has its form", "[json]") {
  CHECK(text("nil") == "null");
  CHECK(text("[true false]") == "[true,false]");
  CHECK(text("-9223372036854775808") == "-9223372036854775808");
  CHECK(text("7/2") == "3.5");
  CHECK(text("\"x\"") == R"("x")");
  CHECK(text(":a/b") == R"("a/b")");
  CHECK(text("sym") == R"("sym")");
  CHECK(text("\\é") == R"("é")");
  CHECK(text("(1 2)") == "[1,2]");
  CHECK(text("#{7}") == "[7]");
  CHECK(text("[]") == "[]");
  CHECK(text("{}") == "{}");
  CHECK(text("#{}") == "[]");
  CHECK(text("{:a 1, :n/b {\"c\" [nil]}}") == R"({"a":1,"n/b":{"c":[null]}})");
  CHECK(text("{1 2}") == R"({"1":2})");
  CHECK(text("#uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"") ==
        R"("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")");
}

TEST_CASE("json writer: doubles are shortest, read back the same, and look like doubles",
          "[json]") {
  CHECK(text(Value::real(1.0)) == "1.0");
  CHECK(text(Value::real(-0.0)) == "-0.0");
  CHECK(text(Value::real(0.1)) == "0.1");
  CHECK(text(Value::real(100000.0)) == "100000.0");
  CHECK(text(Value::real(123456789012345680.0)) == "123456789012345680.0");
  CHECK(text(Value::real(1e21)) == "1e+21");
  CHECK(text(Value::real(1e-7)) == "0.0000001");
  CHECK(text(Value::real(5e-324)) == "5e-324");
  CHECK(text(Value::real(1.7976931348623157e308)) == "1.7976931348623157e+308");
}

TEST_CASE("json writer: instants are ISO-8601 in UTC, also far away", "[json]") {
  CHECK(text(Value::inst(978'310'020'000)) == R"("2001-01-01T00:47:00.000Z")");
  CHECK(text(Value::inst(-1)) == R"("1969-12-31T23:59:59.999Z")");
  CHECK(text(Value::inst(0)) == R"("1970-01-01T00:00:00.000Z")");
  CHECK(text(Value::inst(std::numeric_limits<std::int64_t>::max())) ==
        R"("+292278994-08-17T07:12:55.807Z")");
  CHECK(text(Value::inst(std::numeric_limits<std::int64_t>::min())) ==
        R"("-292275055-05-16T16:47:04.192Z")");
}

TEST_CASE("json writer: strings are escaped where they must be and nowhere else", "[json]") {
  CHECK(text(Value::string("a\"b\\c/d")) == R"("a\"b\\c/d")");
  CHECK(text(Value::string("\b\f\n\r\t")) == R"("\b\f\n\r\t")");
  CHECK(text(Value::string(std::string_view("\0\x1f\x7f", 3))) == "\"\\u0000\\u001f\x7f\"");
  CHECK(text(Value::string("Zürich 東京 😀 Zürich 東京 😀 \"q\"")) ==
        "\"Zürich 東京 😀 Zürich 東京 😀 \\\"q\\\"\"");
}

TEST_CASE("json writer: what JSON cannot say is refused and leaves the text alone", "[json]") {
  Writer writer;
  std::string out = "before ";
  const auto refused = [&](const Value& value) {
    const auto result = writer.append(Value::vector({Value::integer(1), value}), out);
    CHECK(out == "before ");
    return result ? std::string("written") : result.error().message();
  };
  CHECK_THAT(refused(Value::real(std::numeric_limits<double>::quiet_NaN())),
             Catch::Contains("##NaN"));
  CHECK_THAT(refused(Value::real(std::numeric_limits<double>::infinity())),
             Catch::Contains("##Inf"));
  CHECK_THAT(refused(*edn::read("{[1] 2}")), Catch::Contains("key"));
  CHECK_THAT(refused(*edn::read("{:a 1, \"a\" 2}")), Catch::Contains("two of its keys"));
  CHECK_THAT(refused(*edn::read("{1 1, \"1\" 2}")), Catch::Contains("two of its keys"));
  CHECK_THAT(refused(*edn::read("#my/tag 1")), Catch::Contains("tags"));
}

TEST_CASE("json writer: nesting has a limit that is reported", "[json]") {
  Value tower = Value::vector();
  for (int i = 1; i < kDepthMax; ++i) tower = Value::vector({std::move(tower)});
  CHECK(write(tower).has_value());
  tower = Value::vector({std::move(tower)});
  CHECK_THAT(text(tower), Catch::Contains("nested deeper than 512"));
}

TEST_CASE("json writer: alternating shapes keep their own keys", "[json]") {
  Writer writer;
  std::string out;
  const Value a = *edn::read("{:a {:b 1}, :c 2}");
  const Value b = *edn::read("{\"x\" [{:b 1} {:a 2}]}");
  for (int i = 0; i < 2; ++i) {
    REQUIRE(writer.append(a, out).has_value());
    REQUIRE(writer.append(b, out).has_value());
  }
  CHECK(out ==
        R"({"a":{"b":1},"c":2}{"x":[{"b":1},{"a":2}]}{"a":{"b":1},"c":2}{"x":[{"b":1},{"a":2}]})");
}

}  // namespace
}  // namespace onyx::json
