// UTF-8: checking bytes that come from outside, and walking text that is known to be well formed.
//
// Shape:   a character is a Unicode code point: where Java counts one outside the basic plane as two, here it is one.
// Errors:  valid_utf8_length() and is_valid_utf8() take any bytes. The others expect well-formed text; on text that
//          is not they give some character or number, and never read beyond its end.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace onyx {

// The length of the character at `at` < `end`, or 0 when it is malformed, cut off, overlong, a surrogate or beyond
// U+10FFFF.
std::size_t valid_utf8_length(const char* at, const char* end);
bool is_valid_utf8(std::string_view text);

// The length of the character that begins with `lead`.
inline std::size_t utf8_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// The character at `at` < text.size(); `at` moves behind it.
char32_t decode_utf8(std::string_view text, std::size_t& at);
void append_utf8(char32_t character, std::string& out);
std::string to_utf8(char32_t character);

std::size_t count_characters(std::string_view text);
// Where character number `index` starts, or nullopt when there are fewer; `index` equal to the count gives the end.
std::optional<std::size_t> offset_of(std::string_view text, std::size_t index);
// The start of the character that ends at `end` > 0.
std::size_t previous_character(std::string_view text, std::size_t end);

}  // namespace onyx
