// Instants and their parts in UTC, and text with strptime-style patterns.
//
// Shape:   directives: %Y %m %d %H %M %S %L (milliseconds, or any fraction of a second when read) %y %I %p %j %b %B %a
//          %A %z %Z (UTC) %F (%Y-%m-%d) %T (%H:%M:%S) %R (%H:%M) %s (seconds since 1970) %e (day, blank-padded) %n %t %%.
//          When reading, white space in the pattern takes any white space, and everything else itself.
// Units:   milliseconds since 1970-01-01T00:00:00Z.
// Errors:  a pattern with an unknown directive is an error; text that does not fit its pattern is nullopt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace onyx::lang::core {

struct CivilTime {
  std::int64_t year = 1970;
  unsigned month = 1;  // 1 … 12
  unsigned day = 1;    // 1 … 31
  unsigned hour = 0;   // 0 … 23
  unsigned minute = 0;
  unsigned second = 0;
  unsigned millisecond = 0;
};

CivilTime civil(std::int64_t ms);
// nullopt: no such day or time of day, or beyond 64 bits.
std::optional<std::int64_t> instant(const CivilTime& time);

unsigned iso_weekday(std::int64_t ms);  // 1 Monday … 7 Sunday
unsigned day_of_year(std::int64_t ms);  // 1 … 366

struct IsoWeek {
  std::int64_t year;
  unsigned week;  // 1 … 53
};
IsoWeek iso_week(std::int64_t ms);

Result<std::optional<std::int64_t>> parse_inst(std::string_view pattern, std::string_view text);
// ISO-8601: a date, with a time of day and an offset or `Z` if given.
std::optional<std::int64_t> parse_iso(std::string_view text);
Result<std::string> format_inst(std::string_view pattern, std::int64_t ms);

}  // namespace onyx::lang::core
