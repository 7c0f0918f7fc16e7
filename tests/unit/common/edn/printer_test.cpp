#include "common/edn/printer.h"

#include <catch2/catch.hpp>
#include <limits>

#include "common/edn/iteration.h"
#include "common/edn/reader.h"

using namespace onyx::edn;

TEST_CASE("printer: doubles as Clojure writes them", "[edn]") {
  const std::pair<double, const char*> rows[] = {
      {1.0, "1.0"},
      {-0.0, "-0.0"},
      {0.1, "0.1"},
      {100.0, "100.0"},
      {1e7, "1.0E7"},
      {9999999.0, "9999999.0"},
      {0.001, "0.001"},
      {0.00099, "9.9E-4"},
      {123456.789, "123456.789"},
      {1.5e300, "1.5E300"},
      {1e10, "1.0E10"},
      {5e-324, "4.9E-324"},
      {-2.5, "-2.5"},
      {1.7976931348623157e308, "1.7976931348623157E308"}};
  for (const auto& [number, text] : rows) {
    CHECK(print(Value::real(number)) == text);
  }
}

TEST_CASE("printer: instants beyond four-digit years read back", "[edn]") {
  for (const std::int64_t ms :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
        std::int64_t{-62'167'219'200'001}, std::int64_t{253'402'300'800'000}}) {
    INFO(ms);
    CHECK(read(print(Value::inst(ms)))->as_inst_ms() == ms);
  }
  CHECK(print(Value::inst(978'307'200'000)) == "#inst \"2001-01-01T00:00:00.000-00:00\"");
}

TEST_CASE("printer: the canonical form has maps and sets in order, and lists as vectors", "[edn]") {
  CHECK(print_canonical(*read("{:b 1 :a #{3 1 2} \"z\" (1 -0.0)}")) ==
        "{:a #{1 2 3}, :b 1, \"z\" [1 0.0]}");
}

TEST_CASE("pretty: what fits stays on one line, the rest a key a line", "[edn]") {
  const Value job =
      *read("{:workflow [[:in :inc] [:inc :out]] :task-scheduler :onyx.task-scheduler/balanced}");
  CHECK(pretty(job) == print(job));
  CHECK(pretty(job, 50) ==
        "{:workflow [[:in :inc] [:inc :out]]\n"
        " :task-scheduler :onyx.task-scheduler/balanced}");
  CHECK(pretty(job, 30) ==
        "{:workflow [[:in :inc]\n"
        "            [:inc :out]]\n"
        " :task-scheduler :onyx.task-scheduler/balanced}");
}
