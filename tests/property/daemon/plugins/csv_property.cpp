#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "daemon/plugins/file/csv.h"

namespace onyx::plugins::file {
namespace {

TEST_CASE("csv: what is written is read back, field by field", "[plugins][file]") {
  const bool holds = rc::check([] {
    const auto field =
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab ,\"\n\r\t\xC3\xA9")));
    const auto fields = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(field));
    std::string record;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) record += ',';
      append_csv(fields[i], record);
    }
    std::vector<std::string> read{"left", "over"};
    RC_ASSERT(split_csv(record, read) == CsvResult::ok);
    RC_ASSERT(read == fields);
  });
  CHECK(holds);
}

}  // namespace
}  // namespace onyx::plugins::file
