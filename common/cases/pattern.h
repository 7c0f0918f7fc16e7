// The regular expressions of cases: searched anywhere in the text, without regard to case, in linear time.
//
// Shape:   written for ECMAScript, run by RE2. What both have means the same: classes, groups, alternation, anchors,
//          greedy and lazy repetition, \d \w \s \b. RE2 has no back-references (\1) and no look-around ((?=…), (?!…)); a
//          case that uses one is refused when it is read, with this reason. `.` matches no newline in either.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace onyx::cases {

// invalid_argument says what is wrong with the pattern and where.
Result<void> check_pattern(std::string_view pattern);

// False also for a pattern that check_pattern() refuses.
bool is_found(std::string_view pattern, std::string_view text);

}  // namespace onyx::cases
