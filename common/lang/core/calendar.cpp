#include "common/lang/core/calendar.h"

#include <date/date.h>
#include <date/iso_week.h>
#include <fmt/format.h>

#include <array>
#include <chrono>

namespace onyx::lang::core {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kEraDays = 146'097;      // 400 years
constexpr std::int64_t kYearMax = 292'278'994;  // of the last instant that 64 bits hold

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

std::int64_t day_number(std::int64_t ms) { return floor_div(ms, kDayMs); }

// Days within one era, so that the calendar's 16-bit years and 32-bit days are enough.
date::sys_days within_era(std::int64_t days) {
  return date::sys_days{date::days{static_cast<int>(days - floor_div(days, kEraDays) * kEraDays)}};
}

std::optional<std::int64_t> days_of(std::int64_t year, unsigned month, unsigned day) {
  if (year < -kYearMax || year > kYearMax) return std::nullopt;
  const std::int64_t era = floor_div(year - 1970, 400);
  const date::year_month_day ymd{date::year{static_cast<int>(year - era * 400)}, date::month{month},
                                 date::day{day}};
  if (!ymd.ok()) return std::nullopt;
  return date::sys_days{ymd}.time_since_epoch().count() + era * kEraDays;
}

}  // namespace

CivilTime civil(std::int64_t ms) {
  const std::int64_t days = day_number(ms);
  const std::int64_t rest = (ms % kDayMs + kDayMs) % kDayMs;
  const date::year_month_day ymd{within_era(days)};
  CivilTime time;
  time.year = static_cast<int>(ymd.year()) + floor_div(days, kEraDays) * 400;
  time.month = static_cast<unsigned>(ymd.month());
  time.day = static_cast<unsigned>(ymd.day());
  time.hour = static_cast<unsigned>(rest / 3'600'000);
  time.minute = static_cast<unsigned>(rest / 60'000 % 60);
  time.second = static_cast<unsigned>(rest / 1000 % 60);
  time.millisecond = static_cast<unsigned>(rest % 1000);
  return time;
}

std::optional<std::int64_t> instant(const CivilTime& time) {
  const auto days = days_of(time.year, time.month, time.day);
  if (!days || time.hour > 23 || time.minute > 59 || time.second > 59 || time.millisecond > 999) {
    return std::nullopt;
  }
  std::int64_t rest =
      ((std::int64_t{time.hour} * 60 + time.minute) * 60 + time.second) * 1000 + time.millisecond;
  // From the nearer midnight, because the earliest day begins before what 64 bits hold.
  const bool is_before = *days < 0;
  if (is_before) rest -= kDayMs;
  std::int64_t ms = 0;
  if (__builtin_mul_overflow(*days + (is_before ? 1 : 0), kDayMs, &ms)) return std::nullopt;
  if (__builtin_add_overflow(ms, rest, &ms)) return std::nullopt;
  return ms;
}

unsigned iso_weekday(std::int64_t ms) {
  // 1970-01-01 was a Thursday.
  const std::int64_t days = day_number(ms) + 3;
  return static_cast<unsigned>(days - floor_div(days, 7) * 7) + 1;
}

unsigned day_of_year(std::int64_t ms) {
  const CivilTime time = civil(ms);
  return static_cast<unsigned>(day_number(ms) - *days_of(time.year, 1, 1)) + 1;
}

IsoWeek iso_week(std::int64_t ms) {
  const std::int64_t days = day_number(ms);
  const iso_week::year_weeknum_weekday week{within_era(days)};
  return {static_cast<int>(week.year()) + floor_div(days, kEraDays) * 400,
          static_cast<unsigned>(week.weeknum())};
}

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// What a text says, piece by piece.
struct Read {
  CivilTime time;
  std::optional<unsigned> hour_of_twelve;
  bool is_afternoon = false;
  std::optional<unsigned> day_of_year;
  std::int64_t offset_minutes = 0;
  std::optional<std::int64_t> epoch_seconds;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_end()) return false;
    ++at_;
    return true;
  }
  void skip_blanks() {
    while (!at_end() && is_blank(text_[at_])) ++at_;
  }

  // 1 … `digits_max` digits.
  std::optional<std::int64_t> number(int digits_max, int digits_min = 1) {
    std::int64_t value = 0;
    int digits = 0;
    while (digits < digits_max && !at_end() && is_digit(text_[at_])) {
      value = value * 10 + (text_[at_++] - '0');
      ++digits;
    }
    if (digits < digits_min) return std::nullopt;
    return value;
  }

  template <std::size_t N>
  std::optional<unsigned> name(const std::array<std::string_view, N>& names) {
    for (unsigned i = 0; i < N; ++i) {
      if (starts_with(names[i])) {
        at_ += names[i].size();
        return i;
      }
    }
    for (unsigned i = 0; i < N; ++i) {
      if (starts_with(names[i].substr(0, 3))) {
        at_ += 3;
        return i;
      }
    }
    return std::nullopt;
  }

  bool starts_with(std::string_view word) const {
    if (text_.size() - at_ < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (lower(text_[at_ + i]) != lower(word[i])) return false;
    }
    return true;
  }
  void skip(std::size_t count) { at_ += count; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

template <class Field>
bool set(Field& field, std::optional<std::int64_t> value, std::int64_t low, std::int64_t high) {
  if (!value || *value < low || *value > high) return false;
  field = static_cast<std::remove_reference_t<decltype(field)>>(*value);
  return true;
}

// A fraction of a second of any length; what is finer than a millisecond is dropped.
bool read_fraction(Scanner& in, Read& read) {
  unsigned value = 0;
  int digits = 0;
  for (; is_digit(in.peek()); in.skip(1), ++digits) {
    if (digits < 3) value = value * 10 + static_cast<unsigned>(in.peek() - '0');
  }
  if (digits == 0) return false;
  for (; digits < 3; ++digits) value *= 10;
  read.time.millisecond = value;
  return true;
}

// Z, +hh, +hhmm, +hh:mm
bool read_offset(Scanner& in, Read& read) {
  if (in.take('Z') || in.take('z')) return true;
  const bool is_west = in.peek() == '-';
  if (!in.take('+') && !in.take('-')) return false;
  const auto hours = in.number(2, 2);
  if (!hours || *hours > 18) return false;
  std::int64_t minutes = 0;
  if (in.take(':') || is_digit(in.peek())) {
    const auto read_minutes = in.number(2, 2);
    if (!read_minutes || *read_minutes > 59) return false;
    minutes = *read_minutes;
  }
  read.offset_minutes = (*hours * 60 + minutes) * (is_west ? -1 : 1);
  return true;
}

bool read_year(Scanner& in, Read& read) {
  const bool is_negative = in.take('-');
  if (!set(read.time.year, in.number(4), 0, 9999)) return false;
  if (is_negative) read.time.year = -read.time.year;
  return true;
}

enum class Outcome { read, differs, unknown };

Outcome read_directive(char directive, Scanner& in, Read& read) {
  const auto outcome = [](bool is_read) { return is_read ? Outcome::read : Outcome::differs; };
  CivilTime& time = read.time;
  switch (directive) {
    case 'Y':
      return outcome(read_year(in, read));
    case 'm':
      return outcome(set(time.month, in.number(2), 1, 12));
    case 'e':
      in.skip_blanks();
      [[fallthrough]];
    case 'd':
      return outcome(set(time.day, in.number(2), 1, 31));
    case 'H':
      return outcome(set(time.hour, in.number(2), 0, 23));
    case 'M':
      return outcome(set(time.minute, in.number(2), 0, 59));
    case 'S':
      return outcome(set(time.second, in.number(2), 0, 59));
    case 'L':
      return outcome(read_fraction(in, read));
    case 'y': {
      std::int64_t year = 0;
      if (!set(year, in.number(2), 0, 99)) return Outcome::differs;
      time.year = year < 69 ? 2000 + year : 1900 + year;  // as POSIX
      return Outcome::read;
    }
    case 'I': {
      unsigned hour = 0;
      if (!set(hour, in.number(2), 1, 12)) return Outcome::differs;
      read.hour_of_twelve = hour;
      return Outcome::read;
    }
    case 'p':
      if (!in.starts_with("am") && !in.starts_with("pm")) return Outcome::differs;
      read.is_afternoon = in.starts_with("pm");
      in.skip(2);
      return Outcome::read;
    case 'j': {
      unsigned day = 0;
      if (!set(day, in.number(3), 1, 366)) return Outcome::differs;
      read.day_of_year = day;
      return Outcome::read;
    }
    case 'b':
    case 'B':
    case 'h': {
      const auto month = in.name(kMonths);
      if (month) time.month = *month + 1;
      return outcome(month.has_value());
    }
    case 'a':
    case 'A':
      return outcome(in.name(kDays).has_value());
    case 'z':
      return outcome(read_offset(in, read));
    case 'Z':
      if (in.starts_with("UTC") || in.starts_with("GMT")) {
        in.skip(3);
        return Outcome::read;
      }
      return outcome(in.take('Z'));
    case 's': {
      const bool is_negative = in.take('-');
      const auto seconds = in.number(15);
      if (!seconds) return Outcome::differs;
      read.epoch_seconds = is_negative ? -*seconds : *seconds;
      return Outcome::read;
    }
    case 'n':
    case 't':
      in.skip_blanks();
      return Outcome::read;
    case '%':
      return outcome(in.take('%'));
    default:
      return Outcome::unknown;
  }
}

tl::unexpected<Error> unknown_directive(std::string_view directive) {
  return failure(
      ErrorCode::invalid_argument,
      fmt::format("`{}` is no directive for times; %Y %m %d %H %M %S %L %y %I %p %j %b %B %a %A "
                  "%z %Z %F %T %R %s %e %n %t and %% are",
                  directive));
}

std::optional<std::int64_t> to_instant(const Read& read) {
  std::int64_t ms = 0;
  if (read.epoch_seconds) {
    ms = *read.epoch_seconds * 1000 + read.time.millisecond;
  } else {
    CivilTime time = read.time;
    if (read.hour_of_twelve) time.hour = *read.hour_of_twelve % 12 + (read.is_afternoon ? 12 : 0);
    if (read.day_of_year) time.month = time.day = 1;
    const auto at = instant(time);
    if (!at) return std::nullopt;
    ms = *at;
    if (read.day_of_year) {
      ms += (std::int64_t{*read.day_of_year} - 1) * kDayMs;
      if (civil(ms).year != time.year) return std::nullopt;
    }
  }
  if (__builtin_sub_overflow(ms, read.offset_minutes * 60'000, &ms)) return std::nullopt;
  return ms;
}

std::string_view expanded(char directive) {
  switch (directive) {
    case 'F':
      return "%Y-%m-%d";
    case 'T':
      return "%H:%M:%S";
    case 'R':
      return "%H:%M";
    default:
      return {};
  }
}

// false: the text differs.
Result<bool> read_pattern(std::string_view pattern, Scanner& in, Read& read) {
  bool fits = true;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '%') {
      if (++i == pattern.size()) return unknown_directive("%");
      if (const auto longer = expanded(pattern[i]); !longer.empty()) {
        ONYX_ASSIGN_OR_RETURN(const bool inner, read_pattern(longer, in, read));
        fits = fits && inner;
        continue;
      }
      // The rest of the pattern is read all the same, so that a wrong one is an error whatever the text.
      switch (read_directive(pattern[i], in, read)) {
        case Outcome::read:
          break;
        case Outcome::differs:
          fits = false;
          break;
        case Outcome::unknown:
          return unknown_directive(pattern.substr(i - 1, 2));
      }
    } else if (is_blank(c)) {
      in.skip_blanks();
    } else {
      fits = in.take(c) && fits;
    }
  }
  return fits;
}

}  // namespace

Result<std::optional<std::int64_t>> parse_inst(std::string_view pattern, std::string_view text) {
  Scanner in(text);
  Read read;
  ONYX_ASSIGN_OR_RETURN(const bool fits, read_pattern(pattern, in, read));
  if (!fits || !in.at_end()) return std::optional<std::int64_t>();
  return to_instant(read);
}

std::optional<std::int64_t> parse_iso(std::string_view text) {
  Scanner in(text);
  Read read;
  CivilTime& time = read.time;
  const bool is_negative = in.peek() == '-';
  if (!is_negative || !in.take('-')) in.take('+');
  // Four digits, or more behind a sign, as in years far away.
  if (!set(time.year, in.number(9, 4), 0, kYearMax)) return std::nullopt;
  if (is_negative) time.year = -time.year;
  const auto two = [&](unsigned& field, unsigned low, unsigned high) {
    return set(field, in.number(2, 2), low, high);
  };
  if (in.take('-')) {
    if (!two(time.month, 1, 12)) return std::nullopt;
    if (in.take('-') && !two(time.day, 1, 31)) return std::nullopt;
  }
  if (in.take('T') || in.take('t') || in.take(' ')) {
    if (!two(time.hour, 0, 23)) return std::nullopt;
    if (in.take(':')) {
      if (!two(time.minute, 0, 59)) return std::nullopt;
      if (in.take(':')) {
        if (!two(time.second, 0, 59)) return std::nullopt;
        if ((in.take('.') || in.take(',')) && !read_fraction(in, read)) return std::nullopt;
      }
    }
    if (!in.at_end() && !read_offset(in, read)) return std::nullopt;
  }
  return in.at_end() ? to_instant(read) : std::nullopt;
}

Result<std::string> format_inst(std::string_view pattern, std::int64_t ms) {
  const CivilTime time = civil(ms);
  std::string out;
  auto to = std::back_inserter(out);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      out += pattern[i];
      continue;
    }
    if (++i == pattern.size()) return unknown_directive("%");
    const unsigned twelve = time.hour % 12 == 0 ? 12 : time.hour % 12;
    switch (pattern[i]) {
      case 'Y':
        fmt::format_to(to, "{:04}", time.year);
        break;
      case 'm':
        fmt::format_to(to, "{:02}", time.month);
        break;
      case 'd':
        fmt::format_to(to, "{:02}", time.day);
        break;
      case 'e':
        fmt::format_to(to, "{:2}", time.day);
        break;
      case 'H':
        fmt::format_to(to, "{:02}", time.hour);
        break;
      case 'M':
        fmt::format_to(to, "{:02}", time.minute);
        break;
      case 'S':
        fmt::format_to(to, "{:02}", time.second);
        break;
      case 'L':
        fmt::format_to(to, "{:03}", time.millisecond);
        break;
      case 'y':
        fmt::format_to(to, "{:02}", time.year - floor_div(time.year, 100) * 100);
        break;
      case 'I':
        fmt::format_to(to, "{:02}", twelve);
        break;
      case 'p':
        out += time.hour < 12 ? "AM" : "PM";
        break;
      case 'j':
        fmt::format_to(to, "{:03}", day_of_year(ms));
        break;
      case 'b':
      case 'h':
        out += kMonths[time.month - 1].substr(0, 3);
        break;
      case 'B':
        out += kMonths[time.month - 1];
        break;
      case 'a':
        out += kDays[iso_weekday(ms) - 1].substr(0, 3);
        break;
      case 'A':
        out += kDays[iso_weekday(ms) - 1];
        break;
      case 'z':
        out += "+0000";
        break;
      case 'Z':
        out += "UTC";
        break;
      case 's':
        fmt::format_to(to, "{}", floor_div(ms, 1000));
        break;
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case '%':
        out += '%';
        break;
      default: {
        const std::string_view longer = expanded(pattern[i]);
        if (longer.empty()) return unknown_directive(pattern.substr(i - 1, 2));
        ONYX_ASSIGN_OR_RETURN(const std::string inner, format_inst(longer, ms));
        out += inner;
      }
    }
  }
  return out;
}

}  // namespace onyx::lang::core
