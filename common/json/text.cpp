#include "common/json/text.h"

#include <optional>

namespace onyx::json {

namespace {

bool is_tail(const char* at) { return (static_cast<unsigned char>(*at) & 0xC0) == 0x80; }

std::optional<char32_t> read_hex4(const char* at, const char* end) {
  if (end - at < 4) return std::nullopt;
  char32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    char32_t digit;
    if (c >= '0' && c <= '9') {
      digit = static_cast<char32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<char32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<char32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
    value = value * 16 + digit;
  }
  return value;
}

bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c < 0xDC00; }
bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c < 0xE000; }

}  // namespace

std::size_t utf8_length(const char* at, const char* end) {
  const auto lead = static_cast<unsigned char>(*at);
  const auto left = end - at;
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (left < 2 || !is_tail(at + 1)) return 0;
  if (lead < 0xE0) return 2;
  const auto second = static_cast<unsigned char>(at[1]);
  if (left < 3 || !is_tail(at + 2)) return 0;
  if (lead < 0xF0) {
    if (lead == 0xE0 && second < 0xA0) return 0;
    if (lead == 0xED && second >= 0xA0) return 0;
    return 3;
  }
  if (left < 4 || !is_tail(at + 3) || lead > 0xF4) return 0;
  if (lead == 0xF0 && second < 0x90) return 0;
  if (lead == 0xF4 && second >= 0x90) return 0;
  return 4;
}

void append_utf8(char32_t c, std::string& out) {
  const auto tail = [](char32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += tail(c);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += tail(c >> 6);
    out += tail(c);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += tail(c >> 12);
    out += tail(c >> 6);
    out += tail(c);
  }
}

const char* append_escape(const char*& at, const char* end, std::string& out) {
  if (at == end) return "the text ends inside a string";
  switch (*at++) {
    case '"':
      out += '"';
      return nullptr;
    case '\\':
      out += '\\';
      return nullptr;
    case '/':
      out += '/';
      return nullptr;
    case 'b':
      out += '\b';
      return nullptr;
    case 'f':
      out += '\f';
      return nullptr;
    case 'n':
      out += '\n';
      return nullptr;
    case 'r':
      out += '\r';
      return nullptr;
    case 't':
      out += '\t';
      return nullptr;
    case 'u':
      break;
    default:
      return "an escape that JSON does not know; it knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t "
             "\\uXXXX";
  }
  const auto first = read_hex4(at, end);
  if (!first) return "\\u must be followed by four hexadecimal digits";
  at += 4;
  if (is_low_surrogate(*first)) return "the second half of a surrogate pair without the first";
  if (!is_high_surrogate(*first)) {
    append_utf8(*first, out);
    return nullptr;
  }
  if (end - at < 2 || at[0] != '\\' || at[1] != 'u') {
    return "the first half of a surrogate pair without the second";
  }
  const auto second = read_hex4(at + 2, end);
  if (!second || !is_low_surrogate(*second)) {
    return "the first half of a surrogate pair without the second";
  }
  at += 6;
  append_utf8(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), out);
  return nullptr;
}

}  // namespace onyx::json
