// Numbers from text, as the patterns of Clojure's reader have them, and doubles to text, as Java prints them.
#include "common/edn/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "common/edn/lexer.h"

namespace onyx::edn {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Token {
  std::string_view text;
  std::size_t at, end;

  tl::unexpected<Fault> fault(ReadRule rule, std::string message, std::string label,
                              std::string help = {}) const {
    return tl::unexpected(
        Fault{rule, at, end, std::move(message), std::move(label), std::move(help)});
  }
  tl::unexpected<Fault> invalid() const {
    return fault(ReadRule::invalid_number, fmt::format("{} is not a valid number", shortened(text)),
                 "not a number", "a name cannot start with a digit; text goes between quotes");
  }
  tl::unexpected<Fault> too_large(std::string_view part) const {
    return fault(ReadRule::integer_too_large,
                 fmt::format("{} does not fit 64 bits", shortened(part)),
                 "integers reach from -9223372036854775808 to 9223372036854775807",
                 "write it as a string, or with a decimal point as a double");
  }
};

int digit_in(char c, int radix) {
  int digit = radix;
  if (is_digit(c)) digit = c - '0';
  if (c >= 'a' && c <= 'z') digit = c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') digit = c - 'A' + 10;
  return digit < radix ? digit : -1;
}

enum class Parsed { ok, invalid, too_large };

Parsed parse_integer(std::string_view digits, int radix, bool negative, std::int64_t& result) {
  if (digits.empty()) return Parsed::invalid;
  const std::uint64_t limit = negative ? std::uint64_t{1} << 63 : (std::uint64_t{1} << 63) - 1;
  std::uint64_t magnitude = 0;
  bool too_large = false;
  for (const char c : digits) {
    const int digit = digit_in(c, radix);
    if (digit < 0) return Parsed::invalid;
    std::uint64_t next = 0;
    too_large =
        too_large || __builtin_mul_overflow(magnitude, static_cast<std::uint64_t>(radix), &next) ||
        __builtin_add_overflow(next, static_cast<std::uint64_t>(digit), &next) || next > limit;
    magnitude = next;
  }
  if (too_large) return Parsed::too_large;
  result = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
  return Parsed::ok;
}

bool all_digits(std::string_view s) {
  for (const char c : s) {
    if (!is_digit(c)) return false;
  }
  return !s.empty();
}

Lexed<Value> parse_ratio(const Token& token, std::string_view body, std::size_t slash,
                         bool negative) {
  const std::string_view over = body.substr(0, slash), under = body.substr(slash + 1);
  if (!all_digits(over) || !all_digits(under)) return token.invalid();
  std::int64_t numerator = 0, denominator = 0;
  if (parse_integer(over, 10, negative, numerator) == Parsed::too_large)
    return token.too_large(over);
  if (parse_integer(under, 10, false, denominator) == Parsed::too_large)
    return token.too_large(under);
  if (denominator == 0) {
    return token.fault(ReadRule::zero_denominator,
                       fmt::format("{} divides by zero", shortened(token.text)),
                       "the part after the slash is 0");
  }
  if (const std::optional<Value> ratio = Value::ratio(numerator, denominator)) return *ratio;
  return token.too_large(token.text);
}

// [0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?
bool is_real(std::string_view body) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t from = i;
    while (i < body.size() && is_digit(body[i])) ++i;
    return i - from;
  };
  if (digits() == 0) return false;
  if (i < body.size() && body[i] == '.') {
    ++i;
    digits();
  }
  if (i < body.size() && (body[i] == 'e' || body[i] == 'E')) {
    ++i;
    if (i < body.size() && (body[i] == '+' || body[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == body.size();
}

// Whether a number that no double holds is too large, rather than too close to zero.
bool is_beyond_range(std::string_view body) {
  const std::size_t e = body.find_first_of("eE");
  const std::string_view mantissa = body.substr(0, e);
  const std::size_t first = mantissa.find_first_not_of("0.");
  if (first == std::string_view::npos) return false;
  // The sign of the exponent decides, but for mantissas of hundreds of digits.
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const auto magnitude = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  std::int64_t exponent = 0;
  if (e != std::string_view::npos) {
    std::string_view digits = body.substr(e + 1);
    const bool negative = digits[0] == '-';
    if (digits[0] == '-' || digits[0] == '+') digits.remove_prefix(1);
    if (parse_integer(digits, 10, negative, exponent) == Parsed::too_large) return !negative;
    if (exponent > 100'000 || exponent < -100'000) return exponent > 0;
  }
  return exponent + magnitude > 0;
}

Lexed<Value> parse_real(const Token& token, std::string_view body, bool negative) {
  double magnitude = 0;
  const auto [rest, error] = std::from_chars(body.data(), body.data() + body.size(), magnitude);
  if (error == std::errc::result_out_of_range) {
    if (is_beyond_range(body)) {
      return token.fault(ReadRule::real_too_large,
                         fmt::format("{} is beyond the range of a double", shortened(token.text)),
                         "doubles reach to about 1.8e308",
                         "write ##Inf or ##-Inf if infinity is meant");
    }
    magnitude = 0;
  }
  return Value::real(negative ? -magnitude : magnitude);
}

}  // namespace

Lexed<Value> read_number(std::string_view text, std::size_t at, std::size_t end) {
  const Token token{text.substr(at, end - at), at, end};
  if (token.text.size() > kNumberDigitsMax) {
    return token.fault(ReadRule::number_too_long,
                       fmt::format("a number of {} characters; at most {} are read",
                                   token.text.size(), kNumberDigitsMax),
                       "too long", "write it as a string");
  }
  std::string_view body = token.text;
  const bool negative = body[0] == '-';
  if (body[0] == '-' || body[0] == '+') body.remove_prefix(1);

  if (const std::size_t slash = body.find('/'); slash != std::string_view::npos) {
    return parse_ratio(token, body, slash, negative);
  }
  const bool is_hex = body.size() > 1 && body[0] == '0' && (body[1] == 'x' || body[1] == 'X');
  const std::size_t radix_mark = is_hex ? std::string_view::npos : body.find_first_of("rR");
  std::string_view digits = body;
  // In 36rN the N is a digit.
  const bool has_n = body.back() == 'N' && radix_mark == std::string_view::npos;
  if (has_n) digits.remove_suffix(1);
  int radix = 10;
  if (is_hex) {
    digits.remove_prefix(2);
    radix = 16;
  } else if (radix_mark != std::string_view::npos) {
    if (radix_mark == 0 || radix_mark > 2 || !all_digits(body.substr(0, radix_mark)) ||
        body[0] == '0')
      return token.invalid();
    radix = body[0] - '0';
    if (radix_mark == 2) radix = radix * 10 + (body[1] - '0');
    if (radix < 2 || radix > 36) {
      return token.fault(ReadRule::invalid_number,
                         fmt::format("{} has the radix {}", shortened(token.text), radix),
                         "a radix reaches from 2 to 36");
    }
    digits = body.substr(radix_mark + 1);
  } else if (digits.size() > 1 && digits[0] == '0') {
    radix = 8;
  }
  std::int64_t integer = 0;
  switch (parse_integer(digits, radix, negative, integer)) {
    case Parsed::ok:
      return Value::integer(integer);
    case Parsed::too_large:
      return token.too_large(token.text);
    case Parsed::invalid:
      break;
  }
  if (body.back() == 'M' && is_real(body.substr(0, body.size() - 1))) {
    return token.fault(
        ReadRule::big_decimal,
        fmt::format("{} asks for a decimal of arbitrary precision", shortened(token.text)),
        "the suffix M is not supported",
        fmt::format("drop the M to get a double: {}",
                    shortened(token.text.substr(0, token.text.size() - 1))));
  }
  if (is_real(body) && (body.find_first_of(".eE") != std::string_view::npos))
    return parse_real(token, body, negative);
  return token.invalid();
}

void print_real(double d, std::string& out) {
  if (std::isnan(d)) {
    out += "##NaN";
    return;
  }
  if (std::isinf(d)) {
    out += d > 0 ? "##Inf" : "##-Inf";
    return;
  }
  if (d == 0) {
    out += std::signbit(d) ? "-0.0" : "0.0";
    return;
  }
  const double magnitude = std::fabs(d);
  char buffer[32];
  char* end =
      std::to_chars(buffer, buffer + sizeof buffer, magnitude, std::chars_format::scientific).ptr;
  if (buffer[1] == 'e') {
    // One digit does, but two are written: the two that are nearest, as for 4.9E-324.
    char two[32];
    char* two_end =
        std::to_chars(two, two + sizeof two, magnitude, std::chars_format::scientific, 1).ptr;
    double back = 0;
    std::from_chars(two, two_end, back);
    if (back == magnitude) end = std::copy(two, two_end, buffer);
  }
  // d.ddde±xx
  const std::string_view shortest(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = shortest.find('e');
  std::string digits(1, shortest[0]);
  if (e > 2) digits.append(shortest.substr(2, e - 2));
  if (digits.size() == 2 && digits[1] == '0') digits.pop_back();
  int exponent = 0;
  const std::size_t sign = e + 1;
  std::from_chars(buffer + sign + 1, end, exponent);
  if (shortest[sign] == '-') exponent = -exponent;

  if (d < 0) out += '-';
  if (exponent >= -3 && exponent < 7) {
    if (exponent < 0) {
      out += "0.";
      out.append(static_cast<std::size_t>(-exponent - 1), '0');
      out += digits;
      return;
    }
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole) {
      out += digits;
      out.append(whole - digits.size(), '0');
      out += ".0";
    } else {
      out.append(digits, 0, whole);
      out += '.';
      out.append(digits, whole);
    }
    return;
  }
  out += digits[0];
  out += '.';
  out += digits.size() > 1 ? std::string_view(digits).substr(1) : std::string_view("0");
  out += 'E';
  out += std::to_string(exponent);
}

}  // namespace onyx::edn
