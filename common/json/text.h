// The inside of a JSON string: where plain bytes end, escapes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace onyx::json {

// True for what a string cannot hold as it is: quote, backslash, control characters, and, since they must be checked,
// the bytes of multi-byte characters.
inline bool is_special(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte >= 0x80 || c == '"' || c == '\\';
}

// The first byte in [at, end) that is not a plain ASCII character of a string, or `end`.
inline const char* skip_plain(const char* at, const char* end) {
#ifdef __SSE2__
  // A signed comparison with 0x20 finds control characters and bytes from 0x80 at once.
  const __m128i space = _mm_set1_epi8(0x20);
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i hits =
        _mm_or_si128(_mm_cmplt_epi8(bytes, space),
                     _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
    const int mask = _mm_movemask_epi8(hits);
    if (mask != 0) return at + __builtin_ctz(static_cast<unsigned>(mask));
    at += 16;
  }
#endif
  while (at != end && !is_special(*at)) ++at;
  return at;
}

// Appends what the escape at `at` (just after the backslash) stands for and moves `at` behind it. Returns nullptr, or
// what is wrong with it.
const char* append_escape(const char*& at, const char* end, std::string& out);

}  // namespace onyx::json
