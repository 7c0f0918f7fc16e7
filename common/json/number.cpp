#include "common/json/number.h"

#include <date/date.h>
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <iterator>

namespace onyx::json {

namespace {

constexpr double kPositionalMin = 1e-7;
constexpr double kPositionalMax = 1e21;

}  // namespace

void append_integer(std::int64_t value, std::string& out) {
  char text[24];
  const auto [end, code] = std::to_chars(text, text + sizeof text, value);
  out.append(text, end);
}

bool append_real(double value, std::string& out) {
  if (!std::isfinite(value)) return false;
  char text[64];
  const double size = std::fabs(value);
  const bool is_positional = size == 0 || (size >= kPositionalMin && size < kPositionalMax);
  const auto format = is_positional ? std::chars_format::fixed : std::chars_format::scientific;
  const auto [end, code] = std::to_chars(text, text + sizeof text, value, format);
  const std::string_view digits(text, static_cast<std::size_t>(end - text));
  out += digits;
  if (is_positional && digits.find('.') == std::string_view::npos) out += ".0";
  return true;
}

void append_inst(std::int64_t ms, std::string& out) {
  using std::chrono::milliseconds;
  // floor() on the 64-bit count first: date::sys_days counts in 32 bits, which every int64 of
  // milliseconds outgrows only beyond the years that year_month_day can hold.
  constexpr std::int64_t kDayMs = 86'400'000;
  std::int64_t days = ms / kDayMs;
  std::int64_t rest = ms % kDayMs;
  if (rest < 0) {
    rest += kDayMs;
    --days;
  }
  constexpr std::int64_t kEraDays = 146'097;  // of 400 years; keeps the calendar's part small
  const std::int64_t eras = days / kEraDays;
  const date::year_month_day ymd{
      date::sys_days{date::days{static_cast<int>(days - eras * kEraDays)}}};
  const std::int64_t year = static_cast<int>(ymd.year()) + eras * 400;
  if (year < 0 || year > 9999) out += year < 0 ? '-' : '+';
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                 year < 0 ? -year : year, static_cast<unsigned>(ymd.month()),
                 static_cast<unsigned>(ymd.day()), rest / 3'600'000, rest / 60'000 % 60,
                 rest / 1000 % 60, rest % 1000);
}

}  // namespace onyx::json
