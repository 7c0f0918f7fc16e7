#include "common/lang/core/decimal.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace onyx::lang::core {

namespace {

// 0.digits × 10^point; no digits for zero.
struct Decimal {
  std::string digits;
  int point = 0;
};

Decimal shortest(double value) {
  Decimal result;
  if (value == 0) return result;
  char text[40];
  const auto [end, code] =
      std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
  const std::string_view all(text, static_cast<std::size_t>(end - text));
  const std::size_t exponent = all.find('e');
  for (const char c : all.substr(0, exponent)) {
    if (c != '.') result.digits += c;
  }
  std::string_view power = all.substr(exponent + 1);
  if (power[0] == '+') power.remove_prefix(1);
  std::from_chars(power.data(), power.data() + power.size(), result.point);
  ++result.point;
  return result;
}

// Keeps `count` digits, half up. A negative count keeps none and cannot round up.
void round_to(Decimal& decimal, int count) {
  if (count >= static_cast<int>(decimal.digits.size())) return;
  const bool goes_up = count >= 0 && decimal.digits[static_cast<std::size_t>(count)] >= '5';
  decimal.digits.resize(static_cast<std::size_t>(std::max(count, 0)));
  if (!goes_up) return;
  for (std::size_t i = decimal.digits.size(); i-- > 0;) {
    if (decimal.digits[i] != '9') {
      ++decimal.digits[i];
      return;
    }
    decimal.digits[i] = '0';
  }
  decimal.digits.insert(0, 1, '1');
  ++decimal.point;
}

char digit_at(const Decimal& decimal, int index) {
  return index >= 0 && index < static_cast<int>(decimal.digits.size())
             ? decimal.digits[static_cast<std::size_t>(index)]
             : '0';
}

}  // namespace

std::string to_fixed(double value, int places) {
  Decimal decimal = shortest(value);
  round_to(decimal, decimal.point + places);
  std::string out;
  for (int i = 0; i < decimal.point; ++i) out += digit_at(decimal, i);
  if (out.empty()) out = "0";
  if (places > 0) out += '.';
  for (int i = 0; i < places; ++i) out += digit_at(decimal, decimal.point + i);
  return out;
}

std::string to_scientific(double value, int places) {
  Decimal decimal = shortest(value);
  round_to(decimal, 1 + places);
  std::string out(1, digit_at(decimal, 0));
  if (places > 0) out += '.';
  for (int i = 1; i <= places; ++i) out += digit_at(decimal, i);
  const int exponent = value == 0 ? 0 : decimal.point - 1;
  return out + fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', std::abs(exponent));
}

std::string to_general(double value, int precision) {
  if (precision == 0) precision = 1;
  // Java decides by the rounded value: positional from 10^-4 to before 10^precision.
  Decimal decimal = shortest(value);
  round_to(decimal, precision);
  if (value == 0 || (decimal.point > -4 && decimal.point <= precision)) {
    return to_fixed(value, std::max(0, value == 0 ? precision - 1 : precision - decimal.point));
  }
  return to_scientific(value, precision - 1);
}

}  // namespace onyx::lang::core
