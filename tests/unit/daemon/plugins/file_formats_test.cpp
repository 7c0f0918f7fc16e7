#include <catch2/catch.hpp>

#include "daemon/plugins/file/decoder.h"
#include "daemon/plugins/file/encoder.h"
#include "tests/unit/daemon/plugins/fixture.h"

namespace onyx::plugins::file {
namespace {

FileOptions options(std::string_view keys) {
  return read_options(value("{:file/path \"p\" " + std::string(keys) + "}")).value();
}

std::string wrong(std::string_view entry) {
  const auto read = read_options(value(entry));
  REQUIRE_FALSE(read.has_value());
  return read.error().message();
}

// The segment of a line; nil where there is none.
edn::Value decode(Decoder& decoder, std::string_view line) {
  const auto decoded = decoder.decode(line);
  INFO((decoded.has_value() ? "" : decoded.error()));
  REQUIRE(decoded.has_value());
  const auto* segment = std::get_if<edn::Value>(&*decoded);
  return segment == nullptr ? edn::Value() : *segment;
}

std::string complaint(Decoder& decoder, std::string_view line) {
  const auto decoded = decoder.decode(line);
  REQUIRE_FALSE(decoded.has_value());
  return decoded.error();
}

TEST_CASE("file options: each key that is wrong says what it may be", "[plugins][file]") {
  CHECK_THAT(wrong("{}"), Catch::Contains(":file/path is nil, expected a path"));
  CHECK_THAT(wrong("{:file/path \"\"}"), Catch::Contains(":file/path"));
  CHECK_THAT(wrong("{:file/path \"p\" :file/format :xml}"),
             Catch::Contains(":file/format is :xml, expected one of :json-lines"));
  const std::string start = "{:file/path \"p\" :file/format :csv ";
  CHECK_THAT(wrong(start + ":file/keys :symbol}"), Catch::Contains(":keyword or :string"));
  CHECK_THAT(wrong(start + ":file/types {:a :int}}"), Catch::Contains(":long :double :string"));
  CHECK_THAT(wrong(start + ":file/types 7}"), Catch::Contains("a map from columns"));
  CHECK_THAT(wrong(start + ":file/on-bad-line {:into \"x\"}}"), Catch::Contains("{:to PATH}"));
  CHECK_THAT(wrong(start + ":file/if-exists :append}"), Catch::Contains(":replace or :fail"));
}

TEST_CASE("json lines: an object is a segment, blank lines are none", "[plugins][file]") {
  auto decoder = make_decoder(options(":file/format :json-lines"));
  CHECK(decode(*decoder, R"({"a": 1, "b": ["x", null, 1.5]})") ==
        value("{:a 1 :b [\"x\" nil 1.5]}"));
  CHECK(decode(*decoder, "  \t").is_nil());
  CHECK_THAT(complaint(*decoder, "[1]"), Catch::Contains("object"));
  CHECK_FALSE(complaint(*decoder, "{\"a\": ").empty());
  auto strings = make_decoder(options(":file/format :json-lines :file/keys :string"));
  CHECK(decode(*strings, R"({"a": 1})") == value("{\"a\" 1}"));
}

TEST_CASE("edn lines: a map is a segment", "[plugins][file]") {
  auto decoder = make_decoder(options(":file/format :edn-lines"));
  CHECK(decode(*decoder, "{:a #{1}}") == value("{:a #{1}}"));
  CHECK(decode(*decoder, "").is_nil());
  CHECK_THAT(complaint(*decoder, "[1]"), Catch::Contains("map"));
  CHECK_THAT(complaint(*decoder, "{:a"), Catch::Contains("column"));
}

TEST_CASE("lines: every line is a segment, if it is UTF-8", "[plugins][file]") {
  auto decoder = make_decoder(options(":file/format :lines"));
  CHECK(decode(*decoder, "x y") == value("{:line \"x y\"}"));
  CHECK(decode(*decoder, "") == value("{:line \"\"}"));
  CHECK_THAT(complaint(*decoder, "\xFF"), Catch::Contains("UTF-8"));
}

TEST_CASE("csv: columns have the names of the header and the types of the job", "[plugins][file]") {
  auto decoder = make_decoder(options(":file/format :csv :file/types {:n :long \"x\" :double}"));
  CHECK(decode(*decoder, "n,x,s").is_nil());
  CHECK(decode(*decoder, "7,2.5,abc") == value("{:n 7 :x 2.5 :s \"abc\"}"));
  CHECK(decode(*decoder, ",,") == value("{:n nil :x nil :s \"\"}"));
  CHECK(decode(*decoder, "").is_nil());
  CHECK_THAT(complaint(*decoder, "7,2.5"), Catch::Contains("2 fields, but the header has 3"));
  CHECK_THAT(complaint(*decoder, "7.5,1,a"), Catch::Contains("column n: \"7.5\" is no :long"));
  CHECK_THAT(complaint(*decoder, "99999999999999999999,1,a"), Catch::Contains("64 bits"));
  CHECK_THAT(complaint(*decoder, "7,one,a"), Catch::Contains("column x: \"one\" is no :double"));
  CHECK_THAT(complaint(*decoder, "7,1,a\"b"), Catch::Contains("quote"));
  CHECK_THAT(complaint(*decoder, "7,1,\xFF"), Catch::Contains("UTF-8"));
}

TEST_CASE("csv: a header that cannot be one is refused", "[plugins][file]") {
  CHECK_THAT(complaint(*make_decoder(options(":file/format :csv")), "a,,b"),
             Catch::Contains("without a name"));
  CHECK_THAT(complaint(*make_decoder(options(":file/format :csv")), "a,b,a"),
             Catch::Contains("names column a twice"));
  CHECK_THAT(complaint(*make_decoder(options(":file/format :csv :file/types {:z :long}")), "a"),
             Catch::Contains("column z, which the header lacks"));
}

TEST_CASE("csv: more columns than a record has are read as a map", "[plugins][file]") {
  auto decoder = make_decoder(options(":file/format :csv"));
  std::string header, row;
  for (int i = 0; i < 300; ++i) {
    header += (i > 0 ? ",c" : "c") + std::to_string(i);
    row += (i > 0 ? "," : "") + std::to_string(i);
  }
  CHECK(decode(*decoder, header).is_nil());
  const edn::Value segment = decode(*decoder, row);
  CHECK(segment.count() == 300);
  CHECK(segment.get("c299") == value("\"299\""));
}

TEST_CASE("encoders: each writes what its decoder reads", "[plugins][file]") {
  const auto written = [](std::string_view keys, std::string_view segments) {
    auto encoder = make_encoder(options(keys));
    std::string out;
    for (const auto& segment : values(segments)) REQUIRE(encoder->encode(segment, out).has_value());
    return out;
  };
  CHECK(written(":file/format :json-lines", "[{:a 1} {:a \"x\"}]") == "{\"a\":1}\n{\"a\":\"x\"}\n");
  CHECK(written(":file/format :edn-lines", "[{:a 1}]") == "{:a 1}\n");
  CHECK(written(":file/format :lines", "[{:line \"x\"}]") == "x\n");
  CHECK(written(":file/format :csv", "[{:a 1 :b \"x,y\"} {:b nil :a 2}]") ==
        "a,b\n1,\"x,y\"\n2,\n");
  CHECK(written(":file/format :csv", "[{:a nil} {:a \"x\"}]") == "a\n\"\"\nx\n");
}

TEST_CASE("encoders: what a format cannot say is refused and leaves the output as it was",
          "[plugins][file]") {
  const auto refused = [](std::string_view keys, std::string_view first, std::string_view bad) {
    auto encoder = make_encoder(options(keys));
    std::string out;
    if (!first.empty()) REQUIRE(encoder->encode(value(first), out).has_value());
    const std::string before = out;
    const auto result = encoder->encode(value(bad), out);
    REQUIRE_FALSE(result.has_value());
    CHECK(out == before);
    return result.error().message();
  };
  CHECK_THAT(refused(":file/format :csv", "{:a 1}", "{:b 1}"), Catch::Contains("no column"));
  CHECK_THAT(refused(":file/format :csv", "", "{}"), Catch::Contains("no columns"));
  CHECK_THAT(refused(":file/format :lines", "", "{:a 1}"), Catch::Contains(":line"));
  CHECK_THAT(refused(":file/format :lines", "", "{:line \"a\\nb\"}"), Catch::Contains("line feed"));
}

}  // namespace
}  // namespace onyx::plugins::file
