// Upper and lower case, and white space, of Unicode text, as Java's String.toUpperCase and toLowerCase without a locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace onyx::lang::core {

// "ß" becomes "SS".
std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);

// Java's Character.isWhitespace.
bool is_whitespace(char32_t character);

// Code points low … high, by stride, differ from their other case by delta. Sorted.
struct CaseRange {
  char32_t low;
  char32_t high;
  int stride;
  int delta;
};
struct LongCase {
  char32_t letter;
  std::string_view upper;
};
extern const CaseRange kUpperRanges[];
extern const std::size_t kUpperRangesCount;
extern const CaseRange kLowerRanges[];
extern const std::size_t kLowerRangesCount;
extern const LongCase kUpperLong[];
extern const std::size_t kUpperLongCount;

}  // namespace onyx::lang::core
