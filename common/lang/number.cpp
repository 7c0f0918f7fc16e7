#include "common/lang/number.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "common/lang/exception.h"

namespace onyx::lang {

namespace {

__extension__ using Wide = __int128;  // products of two 64-bit integers are exact in it

[[noreturn]] void overflow() { raise(ErrorClass::arithmetic, "integer overflow"); }
[[noreturn]] void divide_by_zero() { raise(ErrorClass::arithmetic, "Divide by zero"); }

void require_numbers(const Value& a, const Value& b, std::string_view function) {
  if (!a.is_number()) raise_wrong_type(function, "numbers", a);
  if (!b.is_number()) raise_wrong_type(function, "numbers", b);
}

// An integer or a ratio as a fraction.
struct Fraction {
  Wide numerator;
  Wide denominator;  // > 0
};

Fraction fraction(const Value& v) {
  if (v.is_integer()) return {v.as_integer(), 1};
  return {v.numerator(), v.denominator()};
}

Wide gcd(Wide a, Wide b) {
  if (a < 0) a = -a;
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

std::int64_t narrow(Wide wide) {
  if (wide > std::numeric_limits<std::int64_t>::max() ||
      wide < std::numeric_limits<std::int64_t>::min()) {
    overflow();
  }
  return static_cast<std::int64_t>(wide);
}

// The products of two 64-bit parts fit 127 bits; sums of two of those may not.
Value whole_or_ratio(Wide numerator, Wide denominator) {
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const Wide divisor = gcd(numerator, denominator);
  if (divisor > 1) {
    numerator /= divisor;
    denominator /= divisor;
  }
  if (denominator == 1) return Value::integer(narrow(numerator));
  return *Value::ratio(narrow(numerator), narrow(denominator));
}

Wide add_wide(Wide a, Wide b) {
  Wide sum;
  if (__builtin_add_overflow(a, b, &sum)) overflow();
  return sum;
}

bool any_real(const Value& a, const Value& b) { return a.is_real() || b.is_real(); }

// a / b rounded towards zero.
Wide truncated(const Fraction& a, const Fraction& b) {
  return (a.numerator * b.denominator) / (a.denominator * b.numerator);
}

int sign(const Value& v) {
  if (v.is_real()) return v.as_real() < 0 ? -1 : v.as_real() > 0;
  const Wide n = fraction(v).numerator;
  return n < 0 ? -1 : n > 0;
}

bool is_zero(const Value& v) {
  return v.is_integer() ? v.as_integer() == 0 : v.is_real() && v.as_real() == 0;
}

}  // namespace

Value add(const Value& a, const Value& b) {
  if (a.is_integer() && b.is_integer()) {
    std::int64_t sum;
    if (__builtin_add_overflow(a.as_integer(), b.as_integer(), &sum)) overflow();
    return Value::integer(sum);
  }
  require_numbers(a, b, "+");
  if (any_real(a, b)) return Value::real(a.to_double() + b.to_double());
  const Fraction x = fraction(a);
  const Fraction y = fraction(b);
  return whole_or_ratio(add_wide(x.numerator * y.denominator, y.numerator * x.denominator),
                        x.denominator * y.denominator);
}

Value subtract(const Value& a, const Value& b) {
  if (a.is_integer() && b.is_integer()) {
    std::int64_t difference;
    if (__builtin_sub_overflow(a.as_integer(), b.as_integer(), &difference)) overflow();
    return Value::integer(difference);
  }
  require_numbers(a, b, "-");
  if (any_real(a, b)) return Value::real(a.to_double() - b.to_double());
  const Fraction x = fraction(a);
  const Fraction y = fraction(b);
  return whole_or_ratio(add_wide(x.numerator * y.denominator, -(y.numerator * x.denominator)),
                        x.denominator * y.denominator);
}

Value multiply(const Value& a, const Value& b) {
  if (a.is_integer() && b.is_integer()) {
    std::int64_t product;
    if (__builtin_mul_overflow(a.as_integer(), b.as_integer(), &product)) overflow();
    return Value::integer(product);
  }
  require_numbers(a, b, "*");
  if (any_real(a, b)) return Value::real(a.to_double() * b.to_double());
  const Fraction x = fraction(a);
  const Fraction y = fraction(b);
  return whole_or_ratio(x.numerator * y.numerator, x.denominator * y.denominator);
}

Value divide(const Value& a, const Value& b) {
  require_numbers(a, b, "/");
  if (any_real(a, b)) {
    // Clojure throws for an exact zero only when the dividend is exact too: (/ 1.0 0) is infinite.
    return Value::real(a.to_double() / b.to_double());
  }
  if (is_zero(b)) divide_by_zero();
  const Fraction x = fraction(a);
  const Fraction y = fraction(b);
  return whole_or_ratio(x.numerator * y.denominator, x.denominator * y.numerator);
}

Value quotient(const Value& a, const Value& b) {
  require_numbers(a, b, "quot");
  if (is_zero(b)) divide_by_zero();
  if (any_real(a, b)) return Value::real(std::trunc(a.to_double() / b.to_double()));
  return Value::integer(narrow(truncated(fraction(a), fraction(b))));
}

Value remainder(const Value& a, const Value& b) {
  require_numbers(a, b, "rem");
  if (is_zero(b)) divide_by_zero();
  if (any_real(a, b)) {
    const double x = a.to_double();
    const double y = b.to_double();
    return Value::real(x - y * std::trunc(x / y));
  }
  if (a.is_integer() && b.is_integer()) {
    return Value::integer(b.as_integer() == -1 ? 0 : a.as_integer() % b.as_integer());
  }
  return subtract(a, multiply(quotient(a, b), b));
}

Value modulus(const Value& a, const Value& b) {
  require_numbers(a, b, "mod");
  if (is_zero(b)) divide_by_zero();
  Value rest = remainder(a, b);
  if (is_zero(rest) || (sign(rest) > 0) == (sign(b) > 0)) return rest;
  return add(rest, b);
}

Value increment(const Value& a) {
  if (!a.is_number()) raise_wrong_type("inc", "a number", a);
  return add(a, Value::integer(1));
}

Value decrement(const Value& a) {
  if (!a.is_number()) raise_wrong_type("dec", "a number", a);
  return subtract(a, Value::integer(1));
}

Value negate(const Value& a) {
  if (!a.is_number()) raise_wrong_type("-", "a number", a);
  if (a.is_real()) return Value::real(-a.as_real());
  return subtract(Value::integer(0), a);
}

int compare_numbers(const Value& a, const Value& b, std::string_view function) {
  if (a.is_integer() && b.is_integer()) {
    return a.as_integer() < b.as_integer() ? -1 : a.as_integer() > b.as_integer();
  }
  require_numbers(a, b, function);
  if (any_real(a, b)) {
    const double x = a.to_double();
    const double y = b.to_double();
    if (std::isnan(x) || std::isnan(y)) return 2;
    return x < y ? -1 : x > y;
  }
  const Fraction x = fraction(a);
  const Fraction y = fraction(b);
  const Wide left = x.numerator * y.denominator;
  const Wide right = y.numerator * x.denominator;
  return left < right ? -1 : left > right;
}

bool equal_numbers(const Value& a, const Value& b) { return compare_numbers(a, b, "==") == 0; }

std::int64_t whole_of(std::string_view function, const Value& value) {
  if (value.is_integer()) return value.as_integer();
  if (!value.is_number()) raise_wrong_type(function, "a whole number", value);
  const double number = value.to_double();
  constexpr double kBeyond = 9223372036854775808.0;
  if (!(number > -kBeyond && number < kBeyond)) {
    raise(ErrorClass::illegal_argument,
          std::string(function) + " needs a whole number within 64 bits");
  }
  return static_cast<std::int64_t>(number);
}

}  // namespace onyx::lang
