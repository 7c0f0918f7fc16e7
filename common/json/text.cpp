#include "common/json/text.h"

#include <optional>

#include "common/base/utf8.h"

namespace onyx::json {

namespace {

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
