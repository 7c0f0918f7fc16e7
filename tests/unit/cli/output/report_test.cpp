#include "cli/output/report.h"

#include <catch2/catch.hpp>

#include "common/edn/reader.h"

namespace onyx::cli {
namespace {

using edn::Value;

Report a_list() {
  Report report;
  report.kind = "JobList";
  report.items = "jobs";
  report.fields = *edn::read("{:jobs [{:id \"a\" :n 1} {:id \"b\" :n 2}]}");
  report.names = {"a", "b"};
  report.table.columns = {{"id"}};
  report.table.rows = {{std::string("a")}, {std::string("b")}};
  return report;
}

std::string printed(const Report& report, Format format, bool is_terminal = false) {
  return print(report, format, false, is_terminal, Paint(false));
}

}  // namespace

TEST_CASE("report: JSON has kind and version first", "[cli]") {
  CHECK(
      printed(a_list(), Format::json) ==
      "{\"kind\":\"JobList\",\"v\":1,\"jobs\":[{\"id\":\"a\",\"n\":1},{\"id\":\"b\",\"n\":2}]}\n");
}

TEST_CASE("report: ndjson is an item a line", "[cli]") {
  CHECK(printed(a_list(), Format::ndjson) == "{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\",\"n\":2}\n");
}

TEST_CASE("report: EDN reads back", "[cli]") {
  const auto value = edn::read(printed(a_list(), Format::edn));
  REQUIRE(value);
  CHECK(value->get("kind") == Value::string("JobList"));
  CHECK(value->get("jobs").count() == 2);
}

TEST_CASE("report: names are for pipes, and so is quiet in every format", "[cli]") {
  CHECK(printed(a_list(), Format::name) == "a\nb\n");
  CHECK(print(a_list(), Format::json, true, false, Paint(false)) == "a\nb\n");
}

TEST_CASE("report: a table is aligned on a terminal and tab-separated elsewhere", "[cli]") {
  Report report = a_list();
  report.table.columns.push_back({"n"});
  for (auto& row : report.table.rows) row.push_back(std::string("1"));
  CHECK(printed(report, Format::table, true) == "id  n\na   1\nb   1\n");
  CHECK(printed(report, Format::table, false) == "id\tn\na\t1\nb\t1\n");
}

TEST_CASE("report: what JSON cannot say is the text of its EDN", "[cli]") {
  Report report;
  report.kind = "K";
  report.fields = *edn::read("{:a ##NaN :b [1 #foo 2] :c {[1 2] 3}}");
  CHECK(printed(report, Format::json) ==
        "{\"kind\":\"K\",\"v\":1,\"a\":\"##NaN\",\"b\":[1,\"#foo 2\"],\"c\":{\"[1 2]\":3}}\n");
}

TEST_CASE("report: nil fields are left out, and unreadable EDN stays text", "[cli]") {
  CHECK(fields_of({{"a", Value()}, {"b", Value::integer(1)}}).count() == 1);
  CHECK(text_value("").is_nil());
  CHECK(time_value(0).is_nil());
  CHECK(read_or_text("{:a").is_string());
  CHECK(read_or_text("").is_nil());
}

}  // namespace onyx::cli
