#include <fmt/format.h>

#include "common/json/number.h"
#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/calendar.h"
#include "common/lang/core/search.h"

namespace onyx::lang::core {

namespace {

constexpr std::string_view kTime = "onyx.time";

std::int64_t inst_of(std::string_view function, const Value& value) {
  if (value.is(edn::Kind::inst)) return value.as_inst_ms();
  raise_wrong_type(function, "an instant (#inst, or what onyx.time/parse-inst gives)", value);
}

Value parse_instant(Call& call, Args args) {
  const std::string_view text = text_of("parse-inst", args.back());
  count_search(call, text.size());
  std::optional<std::int64_t> ms;
  if (args.size() == 1) {
    ms = parse_iso(text);
  } else {
    const std::string_view pattern = text_of("parse-inst", args[0]);
    count_search(call, pattern.size());
    auto read = parse_inst(pattern, text);
    if (!read) raise(ErrorClass::illegal_argument, "parse-inst: " + read.error().message());
    ms = *read;
  }
  return ms ? Value::inst(*ms) : Value();
}

Value format_instant(Call& call, Args args) {
  const std::int64_t ms = inst_of("format-inst", args.back());
  if (args.size() == 1) {
    std::string out;
    json::append_inst(ms, out);
    return Value::string(out);
  }
  const std::string_view pattern = text_of("format-inst", args[0]);
  count_search(call, pattern.size());
  constexpr std::size_t kGrowth = 16;  // the longest output of a directive
  call.charge(pattern.size() * kGrowth);
  auto text = format_inst(pattern, ms);
  if (!text) raise(ErrorClass::illegal_argument, "format-inst: " + text.error().message());
  return Value::string(*text);
}

Value inst_ms(Call&, Args args) { return Value::integer(inst_of("inst-ms", args[0])); }
Value from_ms(Call&, Args args) { return Value::inst(integer_of("from-ms", args[0])); }

Value year(Call&, Args args) { return Value::integer(civil(inst_of("year", args[0])).year); }
Value month(Call&, Args args) { return Value::integer(civil(inst_of("month", args[0])).month); }
Value day(Call&, Args args) { return Value::integer(civil(inst_of("day", args[0])).day); }
Value hour(Call&, Args args) { return Value::integer(civil(inst_of("hour", args[0])).hour); }
Value minute(Call&, Args args) { return Value::integer(civil(inst_of("minute", args[0])).minute); }
Value second_of(Call&, Args args) {
  return Value::integer(civil(inst_of("second", args[0])).second);
}
Value millisecond(Call&, Args args) {
  return Value::integer(civil(inst_of("millisecond", args[0])).millisecond);
}
Value weekday(Call&, Args args) {
  return Value::integer(iso_weekday(inst_of("day-of-week", args[0])));
}
Value year_day(Call&, Args args) {
  return Value::integer(day_of_year(inst_of("day-of-year", args[0])));
}
Value week(Call&, Args args) { return Value::integer(iso_week(inst_of("week", args[0])).week); }

// --- arithmetic ---

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
constexpr Unit kUnits[] = {{"milliseconds", 1},  {"seconds", 1000},    {"minutes", 60'000},
                           {"hours", 3'600'000}, {"days", 86'400'000}, {"weeks", 604'800'000}};

// `:hours`, or `:hour`.
const Unit* unit_of(const Value& value) {
  if (!value.is_keyword()) return nullptr;
  const std::string_view name = value.name()->text;
  for (const Unit& unit : kUnits) {
    if (name == unit.name || (unit.name.starts_with(name) && name.size() + 1 == unit.name.size())) {
      return &unit;
    }
  }
  return nullptr;
}

[[noreturn]] void no_unit(std::string_view function, std::string_view known, const Value& found) {
  raise(ErrorClass::illegal_argument,
        fmt::format("{} needs a unit of time ({}), got {}", function, known, describe(found)));
}

Value plus_units(Call&, Args args) {
  const std::int64_t ms = inst_of("plus", args[0]);
  const std::int64_t n = integer_of("plus", args[1]);
  const Unit* unit = unit_of(args[2]);
  if (unit == nullptr)
    no_unit("plus", ":milliseconds :seconds :minutes :hours :days :weeks", args[2]);
  std::int64_t result = 0;
  if (__builtin_mul_overflow(n, unit->ms, &result) || __builtin_add_overflow(ms, result, &result)) {
    raise(ErrorClass::arithmetic, "integer overflow");
  }
  return Value::inst(result);
}

Value between(Call&, Args args) {
  const Unit* unit = unit_of(args[2]);
  if (unit == nullptr)
    no_unit("between", ":milliseconds :seconds :minutes :hours :days :weeks", args[2]);
  std::int64_t ms = 0;
  if (__builtin_sub_overflow(inst_of("between", args[1]), inst_of("between", args[0]), &ms)) {
    raise(ErrorClass::arithmetic, "integer overflow");
  }
  return Value::integer(ms / unit->ms);
}

Value start_of(const CivilTime& time, std::int64_t days_before = 0) {
  constexpr std::int64_t kMsPerDay = 86'400'000;
  const auto ms = instant(time);
  std::int64_t start = 0;
  if (!ms || __builtin_sub_overflow(*ms, days_before * kMsPerDay, &start)) {
    raise(ErrorClass::arithmetic, "integer overflow");
  }
  return Value::inst(start);
}

// The start of the second, minute, hour, day, week (Monday), month or year that the instant is in.
Value truncate(Call&, Args args) {
  const std::int64_t ms = inst_of("truncate", args[0]);
  const Value& unit = args[1];
  CivilTime time = civil(ms);
  const auto named = [&](std::string_view name) { return unit.is_keyword(name); };
  time.millisecond = 0;
  if (named("second")) return start_of(time);
  time.second = 0;
  if (named("minute")) return start_of(time);
  time.minute = 0;
  if (named("hour")) return start_of(time);
  time.hour = 0;
  if (named("day")) return start_of(time);
  if (named("week")) return start_of(time, std::int64_t{iso_weekday(ms)} - 1);
  time.day = 1;
  if (named("month")) return start_of(time);
  time.month = 1;
  if (named("year")) return start_of(time);
  no_unit("truncate", ":second :minute :hour :day :week :month :year", unit);
}

constexpr Native kTimeTable[] = {
    {kTime, "parse-inst", 1, 2, parse_instant,
     "(parse-inst text) of ISO-8601, (parse-inst \"%Y/%m/%d %H:%M\" text) of a pattern: the "
     "instant, in UTC, or nil."},
    {kTime, "format-inst", 1, 2, format_instant,
     "(format-inst inst) as ISO-8601, (format-inst \"%Y-%m-%d\" inst) by a pattern, in UTC."},
    {kTime, "inst-ms", 1, 1, inst_ms, "The milliseconds from 1970 to the instant."},
    {kTime, "from-ms", 1, 1, from_ms, "The instant so many milliseconds after the start of 1970."},
    {kTime, "year", 1, 1, year, "The instant's year, in UTC."},
    {kTime, "month", 1, 1, month, "The instant's month, 1 to 12."},
    {kTime, "day", 1, 1, day, "The instant's day of the month, 1 to 31."},
    {kTime, "hour", 1, 1, hour, "The instant's hour, 0 to 23."},
    {kTime, "minute", 1, 1, minute, "The instant's minute, 0 to 59."},
    {kTime, "second", 1, 1, second_of, "The instant's second, 0 to 59."},
    {kTime, "millisecond", 1, 1, millisecond, "The instant's millisecond, 0 to 999."},
    {kTime, "day-of-week", 1, 1, weekday, "The instant's day of the week, 1 Monday to 7 Sunday."},
    {kTime, "day-of-year", 1, 1, year_day, "The instant's day of the year, 1 to 366."},
    {kTime, "week", 1, 1, week, "The instant's week by ISO-8601, 1 to 53."},
    {kTime, "plus", 3, 3, plus_units, "(plus inst n :minutes): the instant, n units later."},
    {kTime, "between", 3, 3, between,
     "(between from to :hours): how many whole units lie between."},
    {kTime, "truncate", 2, 2, truncate,
     "(truncate inst :hour): the start of the unit that the instant is in."},
    {kCore, "inst-ms", 1, 1, inst_ms, "The milliseconds from 1970 to the instant."},
};

}  // namespace

std::span<const Native> time_table() { return kTimeTable; }

}  // namespace onyx::lang::core
