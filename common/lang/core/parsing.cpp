#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "common/edn/reader.h"
#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/text.h"

namespace onyx::lang::core {

namespace {

std::string_view without_plus(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

std::optional<std::int64_t> to_integer(std::string_view text, int radix = 10) {
  text = without_plus(text);
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Java's Double/parseDouble, without its hexadecimal form: spaces around, a suffix d or f, NaN, Infinity.
std::optional<double> to_real(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  const bool is_negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  if (text == "NaN") return std::nan("");
  if (text == "Infinity") return is_negative ? -HUGE_VAL : HUGE_VAL;
  if (!text.empty() && std::string_view("dDfF").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  if (text.empty() || (text[0] != '.' && (text[0] < '0' || text[0] > '9'))) return std::nullopt;
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (code == std::errc::result_out_of_range) {
    value = std::strtod(std::string(text).c_str(), nullptr);
  } else if (code != std::errc{}) {
    return std::nullopt;
  }
  return is_negative ? -value : value;
}

// --- clojure.core's: nil for text that is not one ---

Value parse_long(Call&, Args args) {
  const auto value = to_integer(text_of("parse-long", args[0]));
  return value ? Value::integer(*value) : Value();
}

Value parse_double(Call&, Args args) {
  const auto value = to_real(text_of("parse-double", args[0]));
  return value ? Value::real(*value) : Value();
}

Value parse_boolean(Call&, Args args) {
  const std::string_view text = text_of("parse-boolean", args[0]);
  if (text == "true") return Value::boolean(true);
  if (text == "false") return Value::boolean(false);
  return {};
}

Value parse_uuid(Call&, Args args) {
  const std::string_view text = text_of("parse-uuid", args[0]);
  constexpr std::size_t kLength = 36;
  if (text.size() != kLength || text.find('"') != std::string_view::npos) return {};
  const auto value = edn::read(fmt::format("#uuid \"{}\"", text));
  return value ? *value : Value();
}

// --- Java's: an exception for text that is not one ---

[[noreturn]] void not_a_number(const Value& value) {
  raise(ErrorClass::number_format,
        fmt::format("For input string: {}",
                    value.is_nil() ? "nil" : fmt::format("\"{}\"", value.as_string())));
}

Value java_integer(std::string_view function, Args args, std::int64_t low, std::int64_t high) {
  if (args[0].is_nil()) not_a_number(args[0]);
  const std::string_view text = text_of(function, args[0]);
  int radix = 10;
  if (args.size() == 2) {
    const std::int64_t wanted = integer_of(function, args[1]);
    if (wanted < 2 || wanted > 36) {
      raise(ErrorClass::number_format, fmt::format("radix {} is not within 2 to 36", wanted));
    }
    radix = static_cast<int>(wanted);
  }
  const auto value = to_integer(text, radix);
  if (!value || *value < low || *value > high) not_a_number(args[0]);
  return Value::integer(*value);
}

Value long_parse(Call&, Args args) {
  return java_integer("Long/parseLong", args, INT64_MIN, INT64_MAX);
}
Value integer_parse(Call&, Args args) {
  return java_integer("Integer/parseInt", args, INT32_MIN, INT32_MAX);
}
Value double_parse(Call&, Args args) {
  if (args[0].is_nil()) not_a_number(args[0]);
  const auto value = to_real(text_of("Double/parseDouble", args[0]));
  if (!value) not_a_number(args[0]);
  return Value::real(*value);
}
Value boolean_parse(Call&, Args args) {
  if (!args[0].is_string()) return Value::boolean(false);
  std::string text(args[0].as_string());
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return Value::boolean(text == "true");
}

Value value_to_string(Call& call, Args args) {
  return Value::string(args[0].is_nil() ? "null" : str(call, args[0]));
}

constexpr Native kParsingTable[] = {
    {kCore, "parse-long", 1, 1, parse_long, "The integer that the string says, or nil."},
    {kCore, "parse-double", 1, 1, parse_double, "The double that the string says, or nil."},
    {kCore, "parse-boolean", 1, 1, parse_boolean, "true or false, as the string says, or nil."},
    {kCore, "parse-uuid", 1, 1, parse_uuid, "The UUID that the string says, or nil."},
    {"Long", "parseLong", 1, 2, long_parse,
     "The integer that the string says, in a radix if given; else an error."},
    {"Long", "valueOf", 1, 2, long_parse, "The integer that the string says; else an error."},
    {"Integer", "parseInt", 1, 2, integer_parse,
     "The integer of 32 bits that the string says, in a radix if given; else an error."},
    {"Integer", "valueOf", 1, 2, integer_parse,
     "The integer of 32 bits that the string says; else an error."},
    {"Double", "parseDouble", 1, 1, double_parse,
     "The double that the string says; else an error."},
    {"Double", "valueOf", 1, 1, double_parse, "The double that the string says; else an error."},
    {"Boolean", "parseBoolean", 1, 1, boolean_parse, "Whether the string is `true`, in any case."},
    {"String", "valueOf", 1, 1, value_to_string, "The value as a string."},
};

}  // namespace

std::span<const Native> parsing_table() { return kParsingTable; }

}  // namespace onyx::lang::core
