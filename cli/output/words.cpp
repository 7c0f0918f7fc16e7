#include "cli/output/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace onyx::cli {
namespace {

struct CivilTime {
  int year;
  unsigned month, day;
  long hours, minutes, seconds, ms;
};

CivilTime civil(WallTimeMs time) {
  using namespace std::chrono;
  const sys_time<milliseconds> moment{milliseconds(time)};
  const auto day = floor<days>(moment);
  const year_month_day date(day);
  const hh_mm_ss<milliseconds> of_day(moment - day);
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          static_cast<long>(of_day.hours().count()),
          static_cast<long>(of_day.minutes().count()),
          static_cast<long>(of_day.seconds().count()),
          static_cast<long>(of_day.subseconds().count())};
}

}  // namespace

std::string_view word(api::JobState state) {
  switch (state) {
    case api::JobState::submitted:
      return "submitted";
    case api::JobState::waiting:
      return "waiting";
    case api::JobState::running:
      return "running";
    case api::JobState::completed:
      return "completed";
    case api::JobState::killed:
      return "killed";
  }
  return "";
}

std::string short_id(std::string_view id) { return std::string(id.substr(0, 8)); }

std::string thousands(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string rate(double per_second) {
  if (per_second >= 1e6) return fmt::format("{:.1f}M/s", per_second / 1e6);
  if (per_second >= 1e4) return fmt::format("{:.1f}k/s", per_second / 1e3);
  return thousands(static_cast<std::uint64_t>(std::llround(std::max(per_second, 0.0)))) + "/s";
}

std::string percent(double share) { return fmt::format("{:.0f}%", std::floor(share * 100)); }

std::string count_of(std::int64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string span_of_time(std::int64_t ms) {
  if (ms < 1'000) return fmt::format("{} ms", std::max<std::int64_t>(ms, 0));
  if (ms < 60'000) return fmt::format("{:.1f} s", static_cast<double>(ms) / 1e3);
  const std::int64_t s = ms / 1'000;
  if (s < 3'600) return fmt::format("{}m {}s", s / 60, s % 60);
  if (s < 86'400) return fmt::format("{}h {}m", s / 3'600, s % 3'600 / 60);
  return fmt::format("{}d {}h", s / 86'400, s % 86'400 / 3'600);
}

std::string clock_face(std::int64_t ms) {
  const std::int64_t s = std::max<std::int64_t>(ms, 0) / 1'000;
  return fmt::format("{:02}:{:02}:{:02}", s / 3'600, s % 3'600 / 60, s % 60);
}

std::string ago(WallTimeMs then, WallTimeMs now) {
  return then == 0 ? "-" : span_of_time(now - then) + " ago";
}

std::string rfc3339(WallTimeMs time) {
  if (time == 0) return "";
  const CivilTime t = civil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", t.year, t.month, t.day, t.hours,
                     t.minutes, t.seconds, t.ms);
}

std::string time_of_day(WallTimeMs time) {
  if (time == 0) return "-";
  const CivilTime t = civil(time);
  return fmt::format("{:02}:{:02}:{:02}", t.hours, t.minutes, t.seconds);
}

std::size_t width_of(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace onyx::cli
