// Any bytes: the reader gives a value or an error inside the text, and what it reads survives printing.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/base/check.h"
#include "common/edn/printer.h"
#include "common/edn/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace onyx::edn;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto documents = read_all(text, "fuzz.edn");
  const auto value = read(text);
  if (!documents) {
    const Diagnostic& wrong = documents.error();
    ONYX_CHECK(!value, "read() takes what read_all() refuses");
    ONYX_CHECK(wrong.span.is_known() && wrong.span.offset <= size, "{} at {}", wrong.code,
               wrong.span.offset);
    ONYX_CHECK(!render(wrong, text, false).empty());
    return 0;
  }
  ONYX_CHECK(value.has_value() == (documents->size() == 1), "{} values", documents->size());
  for (const Document& document : *documents) {
    for (const std::string& printed :
         {print(document.value), print_canonical(document.value), pretty(document.value, 40)}) {
      const auto again = read(printed);
      ONYX_CHECK(again.has_value(), "printed text does not read: {}", printed);
      ONYX_CHECK(*again == document.value, "printed text reads as another value: {}", printed);
      ONYX_CHECK(stable_hash(*again) == stable_hash(document.value), "{}", printed);
    }
  }
  return 0;
}
