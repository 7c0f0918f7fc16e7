#include "common/lang/core/letter_case.h"

#include <algorithm>
#include <span>

#include "common/base/utf8.h"

namespace onyx::lang::core {

namespace {

char32_t mapped(char32_t c, std::span<const CaseRange> ranges) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), c,
                       [](char32_t x, const CaseRange& range) { return x < range.low; });
  if (after == ranges.begin()) return c;
  // Ranges of every second code point may interleave, so the one before the last may hold it too.
  for (auto range = after; range != ranges.begin() && after - range < 2;) {
    --range;
    if (c <= range->high && (c - range->low) % static_cast<unsigned>(range->stride) == 0) {
      return static_cast<char32_t>(static_cast<std::int64_t>(c) + range->delta);
    }
  }
  return c;
}

const LongCase* long_upper(char32_t c) {
  const std::span<const LongCase> table(kUpperLong, kUpperLongCount);
  const auto at = std::lower_bound(table.begin(), table.end(), c,
                                   [](const LongCase& row, char32_t x) { return row.letter < x; });
  return at != table.end() && at->letter == c ? &*at : nullptr;
}

}  // namespace

std::string to_upper(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = decode_utf8(text, at);
    if (c < 0x80) {
      out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    } else if (const LongCase* upper = long_upper(c)) {
      out += upper->upper;
    } else {
      append_utf8(mapped(c, {kUpperRanges, kUpperRangesCount}), out);
    }
  }
  return out;
}

std::string to_lower(std::string_view text) {
  constexpr char32_t kDottedI = 0x130;
  constexpr char32_t kSigma = 0x3A3;
  constexpr char32_t kFinalSigma = 0x3C2;
  std::string out;
  out.reserve(text.size());
  bool follows_letter = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = decode_utf8(text, at);
    if (c < 0x80) {
      out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    } else if (c == kDottedI) {
      out += "i\xCC\x87";
    } else if (c == kSigma && follows_letter &&
               (at == text.size() || is_whitespace(static_cast<unsigned char>(text[at])))) {
      append_utf8(kFinalSigma, out);
    } else {
      append_utf8(mapped(c, {kLowerRanges, kLowerRangesCount}), out);
    }
    follows_letter = c >= 0x80 || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
  return out;
}

bool is_whitespace(char32_t c) {
  if (c < 0x80) return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20);
  return c == 0x1680 || (c >= 0x2000 && c <= 0x200A && c != 0x2007) || c == 0x2028 || c == 0x2029 ||
         c == 0x205F || c == 0x3000;
}

}  // namespace onyx::lang::core
