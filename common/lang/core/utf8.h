// Strings as sequences of characters. A character is a Unicode code point: where Java counts a character outside the
// basic plane as two, here it is one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace onyx::lang::core {

// The character at `at` of well-formed UTF-8; `at` moves behind it.
char32_t decode_utf8(std::string_view text, std::size_t& at);
void append_utf8(char32_t character, std::string& out);
std::string to_utf8(char32_t character);

std::size_t count_characters(std::string_view text);
// Where character number `index` starts, or nullopt when there are fewer; `index` equal to the count gives the end.
std::optional<std::size_t> offset_of(std::string_view text, std::size_t index);
// The start of the character that ends at `end` > 0.
std::size_t previous(std::string_view text, std::size_t end);

// Java's Character.isWhitespace.
bool is_whitespace(char32_t character);

}  // namespace onyx::lang::core
