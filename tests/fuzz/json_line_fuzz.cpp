// Any lines of JSON: a parser that has seen other lines says the same as a fresh one; what is accepted is JSON for another
// parser too, and survives being written.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "common/base/check.h"
#include "common/edn/printer.h"
#include "common/json/parser.h"
#include "common/json/writer.h"

namespace {

using namespace onyx;

void check_line(json::Parser& parser, json::Keys keys, json::Writer& writer,
                std::string_view line) {
  const auto value = parser.parse(line);
  const auto fresh = json::parse(line, keys);
  ONYX_CHECK(value.has_value() == fresh.has_value(), "what was read before changes the answer");
  if (!value) {
    ONYX_CHECK(value.error().offset <= line.size() && !value.error().what.empty());
    ONYX_CHECK(value.error().text() == fresh.error().text());
    return;
  }
  ONYX_CHECK(*value == *fresh, "{} and {}", edn::print(*value), edn::print(*fresh));
  ONYX_CHECK(nlohmann::json::accept(line), "taken, but no JSON: {}", edn::print(*value));
  std::string written;
  const auto done = writer.append(*value, written);
  ONYX_CHECK(done.has_value(), "read, but not written: {}", done.error().text());
  const auto again = json::parse(written, keys);
  ONYX_CHECK(again.has_value(), "written, but not read: {}", written);
  ONYX_CHECK(*again == *value, "{} written as {}", edn::print(*value), written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const json::Keys keys : {json::Keys::keyword, json::Keys::string}) {
    json::Parser parser(keys);
    json::Writer writer;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      check_line(parser, keys, writer, rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
  }
  return 0;
}
