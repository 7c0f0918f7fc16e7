#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "common/base/utf8.h"
#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/decimal.h"
#include "common/lang/core/letter_case.h"
#include "common/lang/core/text.h"

namespace onyx::lang::core {

namespace {

[[noreturn]] void refuse(std::string why) {
  raise(ErrorClass::illegal_argument, "format: " + std::move(why));
}

// One conversion of java.util.Formatter: %[index$][flags][width][.precision]conversion
struct Spec {
  std::string text;  // as written, for messages
  int index = 0;     // 0: the next argument; -1: the one before (`<`)
  bool left = false, plus = false, space = false, zero = false, grouped = false, parens = false,
       alternate = false;
  int width = 0;
  std::optional<int> precision;
  char conversion = 0;
  bool is_upper = false;
};

class Formatter {
 public:
  Formatter(Call& call, std::string_view pattern, Args args)
      : call_(call), pattern_(pattern), args_(args) {}

  std::string run() {
    while (at_ < pattern_.size()) {
      call_.step();
      const std::size_t percent = pattern_.find('%', at_);
      append(call_,
             pattern_.substr(at_, percent == std::string_view::npos ? percent : percent - at_),
             out_);
      if (percent == std::string_view::npos) break;
      at_ = percent;
      const Spec spec = read();
      convert(spec);
    }
    return std::move(out_);
  }

 private:
  bool is_digit() const {
    return at_ < pattern_.size() && pattern_[at_] >= '0' && pattern_[at_] <= '9';
  }

  int number() {
    int value = 0;
    const char* start = pattern_.data() + at_;
    const auto [end, code] = std::from_chars(start, pattern_.data() + pattern_.size(), value);
    if (code != std::errc{}) refuse(fmt::format("a number in \"{}\" is too large", pattern_));
    at_ += static_cast<std::size_t>(end - start);
    return value;
  }

  Spec read() {
    Spec spec;
    const std::size_t start = at_++;
    if (is_digit() && pattern_[at_] != '0') {
      const std::size_t before = at_;
      spec.index = number();
      if (at_ < pattern_.size() && pattern_[at_] == '$') {
        ++at_;
      } else {
        spec.index = 0;
        at_ = before;
      }
    } else if (at_ < pattern_.size() && pattern_[at_] == '<') {
      spec.index = -1;
      ++at_;
    }
    read_flags(spec);
    if (is_digit()) spec.width = number();
    if (at_ < pattern_.size() && pattern_[at_] == '.') {
      ++at_;
      if (!is_digit())
        refuse(
            fmt::format("`{}` has a point without a number", pattern_.substr(start, at_ - start)));
      spec.precision = number();
    }
    if (at_ == pattern_.size())
      refuse(fmt::format("the pattern ends inside `{}`", pattern_.substr(start)));
    spec.conversion = pattern_[at_++];
    spec.text = pattern_.substr(start, at_ - start);
    if (std::string_view("BSHCXEG").find(spec.conversion) != std::string_view::npos) {
      spec.is_upper = true;
      spec.conversion = static_cast<char>(spec.conversion + 32);
    }
    if (spec.left && spec.width == 0) refuse(fmt::format("`{}` needs a width", spec.text));
    // Nothing is built before its size is known to be within the budget.
    call_.charge(static_cast<std::size_t>(spec.width) +
                 static_cast<std::size_t>(spec.precision.value_or(0)));
    call_.check_bytes();
    return spec;
  }

  void read_flags(Spec& spec) {
    for (; at_ < pattern_.size(); ++at_) {
      switch (pattern_[at_]) {
        case '-':
          spec.left = true;
          break;
        case '+':
          spec.plus = true;
          break;
        case ' ':
          spec.space = true;
          break;
        case '0':
          spec.zero = true;
          break;
        case ',':
          spec.grouped = true;
          break;
        case '(':
          spec.parens = true;
          break;
        case '#':
          spec.alternate = true;
          break;
        default:
          return;
      }
    }
  }

  const Value& argument(const Spec& spec) {
    if (spec.index > 0) {
      last_ = static_cast<std::size_t>(spec.index) - 1;
    } else if (spec.index == 0) {
      last_ = next_++;
    }
    if (last_ >= args_.size()) {
      refuse(fmt::format("`{}` has no value; {} given", spec.text, args_.size()));
    }
    return args_[last_];
  }

  void convert(const Spec& spec) {
    switch (spec.conversion) {
      case '%':
        pad(spec, "%");
        return;
      case 'n':
        out_ += '\n';
        return;
      case 's':
        text(spec, argument(spec));
        return;
      case 'b': {
        const Value& value = argument(spec);
        pad(spec, cut(spec, value.is_truthy() ? "true" : "false"));
        return;
      }
      case 'h':
        hash(spec, argument(spec));
        return;
      case 'c':
        character(spec, argument(spec));
        return;
      case 'd':
      case 'x':
      case 'o':
        integer(spec, argument(spec));
        return;
      case 'f':
      case 'e':
      case 'g':
        real(spec, argument(spec));
        return;
      default:
        refuse(fmt::format(
            "`{}` is no conversion; %s, %d, %f, %e, %g, %x, %o, %c, %b, %h, %n and %% are",
            spec.text));
    }
  }

  static std::string cut(const Spec& spec, std::string text) {
    if (spec.precision) {
      if (const auto end = offset_of(text, static_cast<std::size_t>(*spec.precision)))
        text.resize(*end);
    }
    return text;
  }

  void text(const Spec& spec, const Value& value) {
    pad(spec, cut(spec, value.is_nil() ? "null" : str(call_, value)));
  }

  void hash(const Spec& spec, const Value& value) {
    if (value.is_nil()) return pad(spec, "null");
    pad(spec, fmt::format("{:x}", static_cast<std::uint32_t>(stable_hash(as_key(call_, value)))));
  }

  void character(const Spec& spec, const Value& value) {
    if (value.is_nil()) return pad(spec, "null");
    if (value.is(edn::Kind::character)) return pad(spec, to_utf8(value.as_character()));
    if (value.is_integer() && value.as_integer() >= 0 && value.as_integer() <= 0x10FFFF) {
      return pad(spec, to_utf8(static_cast<char32_t>(value.as_integer())));
    }
    wrong(spec, "a character", value);
  }

  [[noreturn]] static void wrong(const Spec& spec, std::string_view needs, const Value& value) {
    refuse(fmt::format("`{}` needs {}, got {}", spec.text, needs, describe(value)));
  }

  void integer(const Spec& spec, const Value& value) {
    if (value.is_nil()) return pad(spec, "null");
    if (!value.is_integer()) {
      wrong(spec, value.is_number() ? "an integer (%f takes doubles, %s anything)" : "an integer",
            value);
    }
    const std::int64_t number = value.as_integer();
    if (spec.conversion != 'd') {
      const auto bits = static_cast<std::uint64_t>(number);
      std::string digits =
          spec.conversion == 'x' ? fmt::format("{:x}", bits) : fmt::format("{:o}", bits);
      const std::string lead = !spec.alternate ? "" : spec.conversion == 'x' ? "0x" : "0";
      return signed_number(spec, lead, std::move(digits), "");
    }
    const auto magnitude =
        number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    decimal(spec, number < 0, std::to_string(magnitude));
  }

  void real(const Spec& spec, const Value& value) {
    if (value.is_nil()) return pad(spec, "null");
    if (!value.is_real() && !value.is(edn::Kind::ratio)) {
      wrong(spec, value.is_integer() ? "a double; (double n) makes one" : "a double", value);
    }
    const double number = value.to_double();
    if (std::isnan(number)) return pad(spec, "NaN");
    const double magnitude = std::fabs(number);
    const int precision = spec.precision.value_or(6);
    std::string digits;
    if (std::isinf(number)) {
      const bool in_parens = spec.parens && number < 0;
      digits = in_parens    ? "(Infinity)"
               : number < 0 ? "-Infinity"
               : spec.plus  ? "+Infinity"
                            : "Infinity";
      return pad(spec, std::move(digits));
    }
    switch (spec.conversion) {
      case 'f':
        digits = to_fixed(magnitude, precision);
        break;
      case 'e':
        digits = to_scientific(magnitude, precision);
        break;
      default:
        digits = to_general(magnitude, precision);
    }
    decimal(spec, std::signbit(number), std::move(digits));
  }

  // Sign, groups of three, and the width.
  void decimal(const Spec& spec, bool is_negative, std::string digits) {
    if (spec.grouped) {
      std::size_t end = digits.find_first_not_of("0123456789");
      if (end == std::string::npos) end = digits.size();
      for (std::size_t at = end; at > 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
      }
    }
    const std::string_view sign = is_negative  ? (spec.parens ? "(" : "-")
                                  : spec.plus  ? "+"
                                  : spec.space ? " "
                                               : "";
    signed_number(spec, std::string(sign), std::move(digits),
                  is_negative && spec.parens ? ")" : "");
  }

  void signed_number(const Spec& spec, std::string sign, std::string digits,
                     std::string_view tail) {
    const std::size_t length = sign.size() + digits.size() + tail.size();
    if (spec.zero && length < static_cast<std::size_t>(spec.width)) {
      digits.insert(0, static_cast<std::size_t>(spec.width) - length, '0');
    }
    pad(spec, sign + digits + std::string(tail));
  }

  void pad(const Spec& spec, std::string text) {
    if (spec.is_upper) text = to_upper(text);
    const std::size_t length = count_characters(text);
    const auto width = static_cast<std::size_t>(spec.width);
    const std::string blanks(width > length ? width - length : 0, ' ');
    if (!spec.left) append(call_, blanks, out_);
    append(call_, text, out_);
    if (spec.left) append(call_, blanks, out_);
  }

  Call& call_;
  std::string_view pattern_;
  Args args_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;
  std::size_t last_ = 0;
  std::string out_;
};

Value format(Call& call, Args args) {
  const std::string_view pattern = text_of("format", args[0]);
  return Value::string(Formatter(call, pattern, args.subspan(1)).run());
}

constexpr Native kFormatTable[] = {
    {kCore, "format", 1, kVariadic, format,
     "The pattern with %s, %d, %.2f … replaced by the values, as Java's String.format."},
    {"String", "format", 1, kVariadic, format,
     "The pattern with %s, %d, %.2f … replaced by the values, as Java's String.format."},
};

}  // namespace

std::span<const Native> format_table() { return kFormatTable; }

}  // namespace onyx::lang::core
