#include "cli/output/table.h"

#include <catch2/catch.hpp>

namespace onyx::cli {
namespace {

Table a_table() {
  Table table;
  table.columns = {{"id"}, {"peers", true}, {"state"}, {"reason", false, true}};
  table.rows = {{std::string("6f1c"), std::string("12"), Cell("running", &Paint::cyan),
                 std::string("because")},
                {std::string("é"), std::string("3"), std::string("a\tb\nc"), std::string("")}};
  return table;
}

}  // namespace

TEST_CASE("table: columns are aligned by characters, numbers to the right", "[cli]") {
  CHECK(a_table().aligned(false, Paint(false)) ==
        "id    peers  state\n"
        "6f1c     12  running\n"
        "é         3  a\tb\nc\n");
}

TEST_CASE("table: wide columns come with wide only", "[cli]") {
  CHECK(a_table().tab_separated(true) ==
        "id\tpeers\tstate\treason\n"
        "6f1c\t12\trunning\tbecause\n"
        "é\t3\ta b c\t\n");
  CHECK(a_table().tab_separated(false).find("because") == std::string::npos);
}

TEST_CASE("table: colour does not count as width", "[cli]") {
  Table table;
  table.columns = {{"a"}, {"b"}};
  table.rows = {{Cell("x", &Paint::red), std::string("y")}};
  CHECK(table.aligned(false, Paint(true)) ==
        "\x1b[2ma\x1b[0m  \x1b[2mb\x1b[0m\n\x1b[31mx\x1b[0m  y\n");
}

}  // namespace onyx::cli
