#include "common/edn/inst.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "common/edn/wide.h"

namespace onyx::edn {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

// Days since 1970-01-01 of a date, and back; both from the era of 400 years that holds it.
std::int64_t days_of(std::int64_t year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

struct Date {
  std::int64_t year;
  int month, day;
};

Date date_of(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {year_of_era + era * 400 + (month <= 2), month,
          static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1)};
}

int days_in_month(std::int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && is_leap ? 29 : kDays[month - 1];
}

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // Exactly `count` digits.
  bool digits(int count, std::int64_t& number) {
    number = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      if (at_end() || text_[at_] < '0' || text_[at_] > '9') return false;
      number = number * 10 + (text_[at_] - '0');
    }
    return true;
  }
  int digits_ahead() const {
    std::size_t i = at_;
    while (i < text_.size() && text_[i] >= '0' && text_[i] <= '9') ++i;
    return static_cast<int>(i - at_);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

tl::expected<std::int64_t, std::string> parse_inst(std::string_view text) {
  static constexpr char kForm[] =
      "expected yyyy-mm-ddThh:mm:ss.fff-hh:mm, parts may be left off from the right";
  const auto malformed = tl::unexpected(std::string(kForm));
  const auto wrong = [](const char* what, std::int64_t number) {
    return tl::unexpected(fmt::format("there is no {} {}", what, number));
  };
  Cursor at(text);
  std::int64_t year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0,
               offset_minutes = 0;

  const bool is_minus = at.take('-'), has_sign = is_minus || at.take('+');
  const int year_digits = has_sign ? at.digits_ahead() : 4;
  if (year_digits < 4 || year_digits > 9 || !at.digits(year_digits, year)) return malformed;
  if (is_minus) year = -year;
  if (at.take('-')) {
    if (!at.digits(2, month)) return malformed;
    if (at.take('-')) {
      if (!at.digits(2, day)) return malformed;
      if (at.take('T')) {
        if (!at.digits(2, hour)) return malformed;
        if (at.take(':')) {
          if (!at.digits(2, minute)) return malformed;
          if (at.take(':')) {
            if (!at.digits(2, second)) return malformed;
            if (at.take('.')) {
              const int fraction_digits = at.digits_ahead();
              if (fraction_digits < 1) return malformed;
              const int used = std::min(fraction_digits, 3);
              at.digits(used, ms);
              for (int i = used; i < 3; ++i) ms *= 10;
              for (std::int64_t finer = 0; at.digits_ahead() > 0;) at.digits(1, finer);
            }
          }
        }
      }
    }
  }
  if (!at.at_end() && !at.take('Z')) {
    const bool is_west = at.take('-');
    std::int64_t offset_hour = 0, offset_minute = 0;
    if ((!is_west && !at.take('+')) || !at.digits(2, offset_hour) || !at.take(':') ||
        !at.digits(2, offset_minute)) {
      return malformed;
    }
    if (offset_hour > 23) return wrong("offset hour", offset_hour);
    if (offset_minute > 59) return wrong("offset minute", offset_minute);
    offset_minutes = (is_west ? -1 : 1) * (offset_hour * 60 + offset_minute);
  }
  if (!at.at_end()) return malformed;
  if (month < 1 || month > 12) return wrong("month", month);
  if (day < 1 || day > days_in_month(year, static_cast<int>(month))) return wrong("day", day);
  if (hour > 23) return wrong("hour", hour);
  if (minute > 59) return wrong("minute", minute);
  // A leap second ends a minute 59, as in clojure.instant.
  if (second > (minute == 59 ? 60 : 59)) return wrong("second", second);
  const Int128 total =
      static_cast<Int128>(days_of(year, static_cast<int>(month), static_cast<int>(day))) * kDayMs +
      (hour * 60 + minute - offset_minutes) * 60'000 + second * 1'000 + ms;
  if (total > INT64_MAX || total < INT64_MIN)
    return tl::unexpected(std::string("the year is out of range"));
  return static_cast<std::int64_t>(total);
}

void print_inst(std::int64_t ms, std::string& out) {
  std::int64_t days = ms / kDayMs, rest = ms % kDayMs;
  if (rest < 0) {
    rest += kDayMs;
    --days;
  }
  const Date date = date_of(days);
  const auto to = std::back_inserter(out);
  if (date.year >= 0 && date.year <= 9999) {
    fmt::format_to(to, "{:04}", date.year);
  } else {
    fmt::format_to(to, "{:+05}", date.year);
  }
  // By hand: a file of segments has one a line.
  const auto two = [&](char before, std::int64_t number) {
    out += before;
    out += static_cast<char>('0' + number / 10 % 10);
    out += static_cast<char>('0' + number % 10);
  };
  two('-', date.month);
  two('-', date.day);
  two('T', rest / 3'600'000);
  two(':', rest / 60'000 % 60);
  two(':', rest / 1'000 % 60);
  out += '.';
  out += static_cast<char>('0' + rest / 100 % 10);
  out += static_cast<char>('0' + rest / 10 % 10);
  out += static_cast<char>('0' + rest % 10);
  out += "-00:00";
}

}  // namespace onyx::edn
