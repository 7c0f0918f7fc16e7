#include <catch2/catch.hpp>

#include "daemon/plugins/file/csv.h"

namespace onyx::plugins::file {
namespace {

using Fields = std::vector<std::string>;

Fields split(std::string_view record) {
  Fields fields;
  REQUIRE(split_csv(record, fields) == CsvResult::ok);
  return fields;
}

CsvResult result_of(std::string_view record) {
  Fields fields;
  return split_csv(record, fields);
}

TEST_CASE("csv: fields are split at commas that stand outside quotes", "[plugins][file]") {
  CHECK(split("a,b,c") == Fields{"a", "b", "c"});
  CHECK(split("a,,") == Fields{"a", "", ""});
  CHECK(split("\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"") ==
        Fields{"a,b", "say \"x\"", "two\nlines"});
  CHECK(split("\"\"") == Fields{""});
  CHECK(split(" a , b ") == Fields{" a ", " b "});
}

TEST_CASE("csv: a record may go on in the next line, or be malformed", "[plugins][file]") {
  CHECK(result_of("a,\"b") == CsvResult::unfinished);
  CHECK(result_of("\"b\"\"") == CsvResult::unfinished);
  CHECK(result_of("\"b\"c") == CsvResult::malformed);
  CHECK(result_of("b\"c") == CsvResult::malformed);
}

}  // namespace
}  // namespace onyx::plugins::file
