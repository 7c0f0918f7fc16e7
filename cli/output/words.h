// Ids, numbers and times as text for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/api/views.h"
#include "common/base/clock.h"

namespace onyx::cli {

std::string_view word(api::JobState state);  // "running"
std::string short_id(std::string_view id);   // 8 hex

std::string thousands(std::uint64_t number);                       // "1,204"
std::string rate(double per_second);                               // "8.1k/s", "311/s"
std::string percent(double share);                                 // 0 to 1: "78%"
std::string count_of(std::int64_t number, std::string_view noun);  // "1 peer", "2 peers"

std::string span_of_time(std::int64_t ms);         // "9 ms", "1.2 s", "3m 28s", "2d 4h"
std::string clock_face(std::int64_t ms);           // "00:02:41"
std::string ago(WallTimeMs then, WallTimeMs now);  // "3m 28s ago"; "-" when unknown
std::string rfc3339(WallTimeMs time);              // "2026-01-31T10:41:07.120Z"; "" when unknown
std::string time_of_day(WallTimeMs time);          // UTC, "10:41:07"; "-" when unknown

std::size_t width_of(std::string_view utf8);  // code points

}  // namespace onyx::cli
