#include "cli/output/words.h"

#include <catch2/catch.hpp>

#include "cli/duration.h"

namespace onyx::cli {

TEST_CASE("words: numbers have separators and rates a unit", "[cli]") {
  CHECK(thousands(0) == "0");
  CHECK(thousands(999) == "999");
  CHECK(thousands(1'204) == "1,204");
  CHECK(thousands(250'000'000) == "250,000,000");
  CHECK(rate(311.4) == "311/s");
  CHECK(rate(1'204) == "1,204/s");
  CHECK(rate(81'000) == "81.0k/s");
  CHECK(rate(2.5e6) == "2.5M/s");
}

TEST_CASE("words: only what is done counts as 100%", "[cli]") {
  CHECK(percent(0.789) == "78%");
  CHECK(percent(0.9999) == "99%");
  CHECK(percent(1.0) == "100%");
}

TEST_CASE("words: a span of time has its two largest units", "[cli]") {
  CHECK(span_of_time(-5) == "0 ms");
  CHECK(span_of_time(9) == "9 ms");
  CHECK(span_of_time(1'210) == "1.2 s");
  CHECK(span_of_time(208'000) == "3m 28s");
  CHECK(span_of_time(187'200'000) == "2d 4h");
  CHECK(clock_face(161'000) == "00:02:41");
}

TEST_CASE("words: times are UTC and unknown ones are not 1970", "[cli]") {
  CHECK(rfc3339(1'700'000'000'007) == "2023-11-14T22:13:20.007Z");
  CHECK(time_of_day(1'700'000'000'007) == "22:13:20");
  CHECK(rfc3339(0).empty());
  CHECK(time_of_day(0) == "-");
  CHECK(ago(0, 5) == "-");
  CHECK(ago(1'000, 2'500) == "1.5 s ago");
}

TEST_CASE("words: width counts characters, not bytes", "[cli]") { CHECK(width_of("─▶é") == 3); }

TEST_CASE("duration: units go from large to small", "[cli]") {
  using namespace std::chrono_literals;
  CHECK(parse_duration("90s").value() == 90s);
  CHECK(parse_duration("5m").value() == 5min);
  CHECK(parse_duration("1h30m").value() == 90min);
  CHECK(parse_duration("500ms").value() == 500ms);
  CHECK(parse_duration("1m500ms").value() == 60'500ms);
  CHECK(parse_duration("2d").value() == 48h);
  CHECK(parse_duration("30").value() == 30s);
  CHECK(parse_duration("0s").value() == 0s);
}

TEST_CASE("duration: what is none is refused with an example", "[cli]") {
  for (const char* text :
       {"", "s", "-5s", "5 s", "1m1h", "5m5m", "5x", "1h30", "1.5s", "99999999999999999999s"}) {
    INFO(text);
    const auto found = parse_duration(text);
    REQUIRE(!found);
    CHECK(found.error().message().find("1h30m") != std::string::npos);
  }
}

}  // namespace onyx::cli
