#include "cli/duration.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace onyx::cli {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
constexpr std::array<Unit, 5> kUnits = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::int64_t kDurationCountMax = 1'000'000'000;

tl::unexpected<Error> refuse(std::string_view text) {
  return failure(ErrorCode::invalid_argument,
                 fmt::format("found `{}`, wanted a duration such as 90s, 5m, 1h30m or 500ms", text),
                 "CLI-04");
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::string_view rest = text;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  if (rest.empty()) return refuse(text);
  while (!rest.empty()) {
    std::int64_t count = 0;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    if (error != std::errc() || count < 0 || count > kDurationCountMax) return refuse(text);
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
    const std::string_view name = rest.substr(0, rest.find_first_of("0123456789"));
    if (name.empty() && rest.empty() && next_unit == 0) {
      return std::chrono::seconds(count);
    }
    std::size_t unit = next_unit;
    while (unit < kUnits.size() && kUnits[unit].name != name) ++unit;
    if (unit == kUnits.size()) return refuse(text);
    total += count * kUnits[unit].ms;
    next_unit = unit + 1;
    rest.remove_prefix(name.size());
  }
  return std::chrono::milliseconds(total);
}

}  // namespace onyx::cli
