#include "common/edn/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "common/base/utf8.h"

namespace onyx::edn {

namespace {

enum Class : std::uint8_t { plain = 0, blank = 1, ends_token = 2, maybe_blank = 4 };

// maybe_blank: the first byte of a space beyond ASCII.
constexpr std::array<std::uint8_t, 256> kClass = [] {
  std::array<std::uint8_t, 256> classes{};
  for (int c = 9; c <= 13; ++c) classes[static_cast<std::size_t>(c)] = blank;
  for (int c = 28; c <= 32; ++c) classes[static_cast<std::size_t>(c)] = blank;
  classes[','] = blank;
  for (char c : {'"', ';', '^', '(', ')', '[', ']', '{', '}', '\\'}) {
    classes[static_cast<std::size_t>(c)] = ends_token;
  }
  for (std::size_t c : {0xe1, 0xe2, 0xe3}) classes[c] = maybe_blank;
  return classes;
}();

std::uint8_t class_of(char c) { return kClass[static_cast<unsigned char>(c)]; }

// Java's Character.isWhitespace beyond ASCII; no-break spaces are none. All take three bytes.
bool is_wide_blank(std::string_view text, std::size_t at) {
  static constexpr std::string_view kSpaces[] = {"\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                                 "\u2004", "\u2005", "\u2006", "\u2008", "\u2009",
                                                 "\u200a", "\u2028", "\u2029", "\u205f", "\u3000"};
  const std::string_view here = text.substr(at, 3);
  return std::find(std::begin(kSpaces), std::end(kSpaces), here) != std::end(kSpaces);
}

bool is_decimal(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_decimal(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The number that four hexadecimal digits at `at` write, or -1.
int hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int code = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

// The first byte that belongs to no valid character, or the end.
std::size_t first_invalid(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight;
    if (at + 8 <= text.size()) {
      std::memcpy(&eight, text.data() + at, 8);
      if ((eight & 0x8080808080808080) == 0) {
        at += 8;
        continue;
      }
    }
    const std::size_t length = valid_utf8_length(text.data() + at, text.data() + text.size());
    if (length == 0) return at;
    at += length;
  }
  return at;
}

tl::unexpected<Fault> fault(ReadRule rule, std::size_t at, std::size_t end, std::string message,
                            std::string label = {}, std::string help = {}) {
  return tl::unexpected(
      Fault{rule, at, end, std::move(message), std::move(label), std::move(help)});
}

}  // namespace

std::string shortened(std::string_view text) {
  constexpr std::size_t kShown = 40;
  if (text.size() <= kShown) return std::string(text);
  std::size_t cut = kShown - 3;
  while (cut > 0 && (text[cut] & 0xc0) == 0x80) --cut;
  return std::string(text.substr(0, cut)) + "…";
}

std::optional<Fault> check_text(std::string_view text) {
  if (text.size() > kDocumentMax) {
    return Fault{ReadRule::document_too_large,
                 kDocumentMax,
                 kDocumentMax,
                 fmt::format("the document has {} bytes; at most {} (16 MiB) are read", text.size(),
                             kDocumentMax),
                 "the limit is reached here",
                 "keep data in files of segments, and the job's text small"};
  }
  if (text.substr(0, 3) == "\xef\xbb\xbf") {
    return Fault{ReadRule::byte_order_mark,
                 0,
                 3,
                 "the document starts with a byte order mark",
                 "EF BB BF",
                 "save the file as UTF-8 without a byte order mark"};
  }
  if (const std::size_t at = first_invalid(text); at != text.size()) {
    return Fault{
        ReadRule::invalid_utf8,
        at,
        at + 1,
        fmt::format("byte 0x{:02X} is not valid UTF-8 here", static_cast<unsigned char>(text[at])),
        "not UTF-8",
        "save the file as UTF-8"};
  }
  if (const void* nul = std::memchr(text.data(), 0, text.size()); nul != nullptr && !text.empty()) {
    const auto at = static_cast<std::size_t>(static_cast<const char*>(nul) - text.data());
    return Fault{ReadRule::nul, at,
                 at + 1,        "the text has a NUL byte",
                 "NUL",         "remove it; in a string, write \\u0000"};
  }
  return std::nullopt;
}

std::size_t skip_blank(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const std::uint8_t kind = class_of(text[at]);
    if (kind == blank) {
      ++at;
    } else if (text[at] == ';') {
      const void* newline = std::memchr(text.data() + at, '\n', text.size() - at);
      if (newline == nullptr) return text.size();
      at = static_cast<std::size_t>(static_cast<const char*>(newline) - text.data()) + 1;
    } else if (kind == maybe_blank && is_wide_blank(text, at)) {
      at += 3;
    } else {
      break;
    }
  }
  return at;
}

std::size_t token_end(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const std::uint8_t kind = class_of(text[at]);
    if ((kind & (blank | ends_token)) != 0) break;
    if (kind == maybe_blank && is_wide_blank(text, at)) break;
    ++at;
  }
  return at;
}

bool starts_number(std::string_view text, std::size_t at) {
  if (text[at] == '+' || text[at] == '-') ++at;
  return at < text.size() && is_decimal(text[at]);
}

std::size_t number_end(std::string_view text, std::size_t at) {
  // Within the token only: the rest of the document is not looked at.
  const std::size_t end = token_end(text, at);
  const std::size_t hash = text.substr(at, end - at).find('#');
  return hash == std::string_view::npos ? end : at + hash;
}

namespace {

// The pattern ([^\d/].*/)?(/|[^\d/][^/]*) of Clojure's reader.
bool matches_name(std::string_view body) {
  if (body == "/") return true;
  if (body.empty() || is_decimal(body[0]) || body[0] == '/') return false;
  const std::size_t slash = body.rfind('/');
  if (slash == std::string_view::npos) return true;
  const std::string_view name = body.substr(slash + 1);
  if (name.empty()) return body.size() > 2 && body[slash - 1] == '/';  // the name "/": a//
  return !is_decimal(name[0]);
}

}  // namespace

bool is_valid_name(std::string_view token) {
  if (token.empty() || token.back() == ':' || token.find("::") != std::string_view::npos)
    return false;
  if (const std::size_t slash = token.rfind('/'); slash != std::string_view::npos && slash > 0 &&
                                                  slash + 1 < token.size() &&
                                                  token[slash - 1] == ':') {
    return false;  // a namespace that ends in a colon
  }
  if (token.find_first_of("@`~") != std::string_view::npos) return false;
  // A byte order mark: nobody sees it, and at the start of a text it would not be read again.
  if (token.find("\xef\xbb\xbf") != std::string_view::npos) return false;
  return (token[0] == ':' && matches_name(token.substr(1))) || matches_name(token);
}

Lexed<Value> read_name(std::string_view text, std::size_t at, std::size_t end) {
  const std::string_view token = text.substr(at, end - at);
  if (token == "nil") return Value();
  if (token == "true") return Value::boolean(true);
  if (token == "false") return Value::boolean(false);
  const bool is_keyword = token[0] == ':';
  if (!is_valid_name(token)) {
    std::string help;
    if (token.starts_with("::") && is_valid_name(token.substr(1))) {
      help = fmt::format("write {}, or :my.namespace/{}", token.substr(1), token.substr(2));
    } else if (token.back() == '/' || token.back() == ':') {
      help = "put a name after it";
    }
    return fault(
        ReadRule::invalid_name, at, end,
        fmt::format("{} is not a valid {}", shortened(token), is_keyword ? "keyword" : "symbol"),
        is_keyword ? "expected :name or :namespace/name" : "expected name or namespace/name",
        std::move(help));
  }
  const Name* name = intern(is_keyword ? token.substr(1) : token);
  if (name == nullptr) {
    return fault(ReadRule::too_many_names, at, end,
                 fmt::format("{} is one name too many: the process holds {} different ones",
                             shortened(token), kNamesMax),
                 "a new name", "keep keys that are data as strings");
  }
  return is_keyword ? Value::keyword(name) : Value::symbol(name);
}

namespace {

// A \u escape or two at `at` (of the u) to one code point; moves `at` behind it.
Lexed<char32_t> read_unicode_escape(std::string_view text, std::size_t& at) {
  const std::size_t start = at - 1;
  const int unit = hex4(text, at + 1);
  if (unit < 0) {
    return fault(ReadRule::invalid_escape, start, std::min(at + 1, text.size()),
                 "\\u needs four hexadecimal digits", "for example \\u0041");
  }
  at += 5;
  const bool is_high = unit >= 0xd800 && unit < 0xdc00, is_low = unit >= 0xdc00 && unit < 0xe000;
  if (!is_high && !is_low) return static_cast<char32_t>(unit);
  const int second = is_high && text.substr(at, 2) == "\\u" ? hex4(text, at + 2) : -1;
  if (second < 0xdc00 || second >= 0xe000) {
    return fault(ReadRule::invalid_escape, start, at,
                 fmt::format("{} is half of a surrogate pair", text.substr(start, 6)),
                 "the other half is missing", "write the character itself, or both halves");
  }
  at += 6;
  return static_cast<char32_t>(0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00));
}

// The escape at the backslash `at`, appended to `out`.
std::optional<Fault> read_escape(std::string_view text, std::size_t& at, std::string& out) {
  const std::size_t start = at++;
  const char c = at < text.size() ? text[at] : '\0';
  static constexpr std::string_view kFrom = "tnrbf\\\"", kTo = "\t\n\r\b\f\\\"";
  if (const std::size_t i = kFrom.find(c); i != std::string_view::npos && at < text.size()) {
    out.push_back(kTo[i]);
    ++at;
    return std::nullopt;
  }
  if (c == 'u') {
    const Lexed<char32_t> code = read_unicode_escape(text, at);
    if (!code) return code.error();
    append_utf8(*code, out);
    return std::nullopt;
  }
  if (is_decimal(c)) {
    unsigned code = 0;
    std::size_t end = at;
    while (end < text.size() && end < at + 3 && text[end] >= '0' && text[end] <= '7') {
      code = code * 8 + static_cast<unsigned>(text[end++] - '0');
    }
    if (end == at || code > 0377) {
      return Fault{ReadRule::invalid_escape,  start,
                   std::max(end, at + 1),     "an octal escape reaches from \\0 to \\377",
                   "not octal, or too large", {}};
    }
    at = end;
    append_utf8(code, out);
    return std::nullopt;
  }
  if (at >= text.size()) return std::nullopt;  // the string is not closed, which the caller says
  const std::size_t length = utf8_length(c);
  return Fault{ReadRule::invalid_escape,
               start,
               at + length,
               fmt::format("\\{} is not an escape", text.substr(at, length)),
               "unknown escape",
               "for a backslash, write \\\\"};
}

}  // namespace

Lexed<Value> read_string(std::string_view text, std::size_t& at) {
  const std::size_t start = at++;
  std::string unescaped;
  while (true) {
    std::size_t special = at;
    while (special < text.size() && text[special] != '"' && text[special] != '\\') ++special;
    if (special == text.size()) break;
    if (text[special] == '"') {
      const std::string_view rest = text.substr(at, special - at);
      at = special + 1;
      if (unescaped.empty()) return Value::string(rest);
      return Value::string(unescaped.append(rest));
    }
    unescaped.append(text, at, special - at);
    at = special;
    if (std::optional<Fault> wrong = read_escape(text, at, unescaped))
      return tl::unexpected(*std::move(wrong));
  }
  at = text.size();
  return fault(ReadRule::unclosed, start, start + 1, "the string is never closed", "it starts here",
               "add the closing \"");
}

Lexed<Value> read_character(std::string_view text, std::size_t& at) {
  const std::size_t start = at++;
  if (at >= text.size()) {
    return fault(ReadRule::invalid_character, start, at, "the text ends after \\",
                 "a character must follow");
  }
  const std::size_t length = utf8_length(text[at]);
  const std::size_t end = token_end(text, at + length);
  const std::string_view token = text.substr(at, end - at);
  at = end;
  if (token.size() == length) {
    std::size_t first = 0;
    return Value::character(decode_utf8(token, first));
  }
  static constexpr std::pair<std::string_view, char32_t> kNamed[] = {
      {"newline", '\n'}, {"space", ' '},     {"tab", '\t'},
      {"return", '\r'},  {"formfeed", '\f'}, {"backspace", '\b'}};
  for (const auto& [name, code] : kNamed) {
    if (token == name) return Value::character(code);
  }
  if (token[0] == 'u' && token.size() == 5) {
    if (const int code = hex4(token, 1); code >= 0 && (code < 0xd800 || code >= 0xe000)) {
      return Value::character(static_cast<char32_t>(code));
    }
  }
  if (token[0] == 'o' && token.size() <= 4) {
    unsigned code = 0;
    const bool is_octal = std::all_of(token.begin() + 1, token.end(), [&](char c) {
      code = code * 8 + static_cast<unsigned>(c - '0');
      return c >= '0' && c <= '7';
    });
    if (is_octal && code <= 0377) return Value::character(code);
  }
  return fault(ReadRule::invalid_character, start, end,
               fmt::format("\\{} is not a character", shortened(token)),
               "expected one character, a name or \\u0041",
               "the names are \\newline \\space \\tab \\return \\formfeed \\backspace");
}

Span span_at(std::string_view text, std::size_t offset, std::size_t end) {
  Span span;
  std::uint32_t line = 1, column = 1;
  const auto advance = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to && i < text.size(); ++i) {
      if (text[i] == '\n') {
        ++line;
        column = 1;
      } else if ((text[i] & 0xc0) != 0x80) {
        ++column;
      }
    }
  };
  advance(0, offset);
  span.line = line;
  span.column = column;
  advance(offset, end);
  span.end_line = line;
  span.end_column = column;
  span.offset = offset;
  span.end_offset = end;
  return span;
}

Diagnostic diagnose(const Fault& fault, std::string_view text, std::string_view file) {
  Diagnostic diagnostic;
  diagnostic.code = text_of(fault.rule).code;
  diagnostic.message = fault.message;
  diagnostic.file = file;
  diagnostic.span = span_at(text, fault.offset, fault.end);
  diagnostic.label = fault.label;
  diagnostic.help = fault.help;
  return diagnostic;
}

}  // namespace onyx::edn
