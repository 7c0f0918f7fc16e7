// Any file of any format, read line by line as a file input does. The first byte chooses format, keys and types. Every
// line is a segment, nothing, or refused with a reason; CSV fields survive being written.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/check.h"
#include "common/edn/printer.h"
#include "daemon/plugins/file/csv.h"
#include "daemon/plugins/file/decoder.h"

namespace {

using namespace onyx;
using namespace onyx::plugins::file;

FileOptions options_of(std::uint8_t choice) {
  constexpr std::array kFormats{Format::csv, Format::csv, Format::json_lines, Format::edn_lines,
                                Format::lines};
  FileOptions options;
  options.format = kFormats[choice % kFormats.size()];
  options.has_string_keys = (choice & 0x20) != 0;
  if ((choice & 0x40) != 0) options.types["n"] = ColumnType::integer;
  if ((choice & 0x80) != 0) options.types["x"] = ColumnType::real;
  return options;
}

void check_csv(std::string_view record) {
  std::vector<std::string> fields;
  if (split_csv(record, fields) != CsvResult::ok) return;
  std::string written;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) written += ',';
    append_csv(fields[i], written);
  }
  std::vector<std::string> again;
  ONYX_CHECK(split_csv(written, again) == CsvResult::ok && again == fields, "written as {}",
             written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const FileOptions options = options_of(data[0]);
  const auto decoder = make_decoder(options);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::size_t start = 0;
  while (start < text.size()) {
    std::size_t end = std::min(text.find('\n', start), text.size());
    auto decoded = decoder->decode(text.substr(start, end - start));
    while (decoded && std::holds_alternative<Decoder::More>(*decoded) &&
           std::get<Decoder::More>(*decoded) == Decoder::More::needs_line && end < text.size()) {
      end = std::min(text.find('\n', end + 1), text.size());
      decoded = decoder->decode(text.substr(start, end - start));
    }
    const std::string_view record = text.substr(start, end - start);
    if (!decoded) {
      ONYX_CHECK(!decoded.error().empty());
    } else if (const auto* segment = std::get_if<edn::Value>(&*decoded)) {
      ONYX_CHECK(segment->is_map(), "{}", edn::print(*segment));
    }
    if (options.format == Format::csv) check_csv(record);
    start = end + 1;
  }
  return 0;
}
