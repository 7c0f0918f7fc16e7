#include "common/lang/number.h"

#include <cmath>
#include <limits>

#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"

namespace onyx::lang::core {

namespace {

// (+ x) gives x, and only looks whether it could be added, as Clojure does: nil passes.
Value alone(std::string_view function, Value& value) {
  if (!value.is_nil() && !value.is_number()) raise_wrong_type(function, "numbers", value);
  return std::move(value);
}

Value plus(Call& call, Args args) {
  if (args.empty()) return Value::integer(0);
  if (args.size() == 1) return alone("+", args[0]);
  Value sum = add(args[0], args[1]);
  for (std::size_t i = 2; i < args.size(); ++i) {
    call.step();
    sum = add(sum, args[i]);
  }
  return sum;
}

Value minus(Call& call, Args args) {
  if (args.size() == 1) return negate(args[0]);
  Value rest = subtract(args[0], args[1]);
  for (std::size_t i = 2; i < args.size(); ++i) {
    call.step();
    rest = subtract(rest, args[i]);
  }
  return rest;
}

Value times(Call& call, Args args) {
  if (args.empty()) return Value::integer(1);
  if (args.size() == 1) return alone("*", args[0]);
  Value product = multiply(args[0], args[1]);
  for (std::size_t i = 2; i < args.size(); ++i) {
    call.step();
    product = multiply(product, args[i]);
  }
  return product;
}

Value over(Call& call, Args args) {
  if (args.size() == 1) return divide(Value::integer(1), args[0]);
  Value quotient = divide(args[0], args[1]);
  for (std::size_t i = 2; i < args.size(); ++i) {
    call.step();
    quotient = divide(quotient, args[i]);
  }
  return quotient;
}

Value quot(Call&, Args args) { return quotient(args[0], args[1]); }
Value rem(Call&, Args args) { return remainder(args[0], args[1]); }
Value mod(Call&, Args args) { return modulus(args[0], args[1]); }
Value inc(Call&, Args args) { return increment(args[0]); }
Value dec(Call&, Args args) { return decrement(args[0]); }

bool is_nan(const Value& value) { return value.is_real() && std::isnan(value.as_real()); }

// `sign` 1 for max, -1 for min. NaN wins, and of equal ones the later, as in Clojure.
Value extreme(Call& call, Args args, int sign, std::string_view function) {
  Value best = std::move(args[0]);
  for (Value& candidate : args.subspan(1)) {
    call.step();
    const int order = compare_numbers(best, candidate, function);
    if (is_nan(best)) continue;
    if (is_nan(candidate) || order * sign <= 0) best = std::move(candidate);
  }
  return best;
}

Value max(Call& call, Args args) { return extreme(call, args, 1, "max"); }
Value min(Call& call, Args args) { return extreme(call, args, -1, "min"); }

Value abs(Call&, Args args) {
  const Value& value = args[0];
  if (!value.is_number()) raise_wrong_type("abs", "a number", value);
  if (value.is_real()) return Value::real(std::fabs(value.as_real()));
  if (compare_numbers(value, Value::integer(0), "abs") >= 0) return std::move(args[0]);
  // As Java's Math.abs: the smallest integer has no positive counterpart.
  if (value.is_integer() && value.as_integer() == std::numeric_limits<std::int64_t>::min()) {
    return std::move(args[0]);
  }
  return negate(value);
}

// --- conversions ---

Value bounded(std::string_view function, const Value& value, double low, double beyond) {
  if (value.is(edn::Kind::character)) {
    return Value::integer(static_cast<std::int64_t>(value.as_character()));
  }
  if (!value.is_number()) raise_wrong_type(function, "a number or a character", value);
  const double number = value.to_double();
  if (value.is_integer() ? number < low || number >= beyond : !(number >= low && number < beyond)) {
    raise(ErrorClass::illegal_argument,
          "Value out of range for " + std::string(function) + ": " + describe(value));
  }
  return Value::integer(whole_of(function, value));
}

Value to_int(Call&, Args args) { return bounded("int", args[0], -2147483648.0, 2147483648.0); }

Value to_long(Call&, Args args) {
  if (args[0].is_integer()) return std::move(args[0]);
  return bounded("long", args[0], -9223372036854775808.0, 9223372036854775808.0);
}

Value to_double(Call&, Args args) { return Value::real(double_of("double", args[0])); }
Value to_float(Call&, Args args) { return Value::real(double_of("float", args[0])); }

Value num(Call&, Args args) {
  if (!args[0].is_number()) raise_wrong_type("num", "a number", args[0]);
  return std::move(args[0]);
}

Value numerator(Call&, Args args) {
  if (!args[0].is(edn::Kind::ratio)) raise_wrong_type("numerator", "a ratio", args[0]);
  return Value::integer(args[0].numerator());
}

Value denominator(Call&, Args args) {
  if (!args[0].is(edn::Kind::ratio)) raise_wrong_type("denominator", "a ratio", args[0]);
  return Value::integer(args[0].denominator());
}

constexpr Native kArithmeticTable[] = {
    {kCore, "+", 0, kVariadic, plus, "The sum of the numbers; 0 of none."},
    {kCore, "-", 1, kVariadic, minus,
     "The first number less the others; of one number, its negative."},
    {kCore, "*", 0, kVariadic, times, "The product of the numbers; 1 of none."},
    {kCore, "/", 1, kVariadic, over,
     "The first number divided by the others, exact: (/ 7 2) is 7/2."},
    {kCore, "quot", 2, 2, quot, "The quotient of a division, cut towards zero."},
    {kCore, "rem", 2, 2, rem, "The remainder of quot; it has the sign of the dividend."},
    {kCore, "mod", 2, 2, mod, "The modulus of a division; it has the sign of the divisor."},
    {kCore, "inc", 1, 1, inc, "One more than the number."},
    {kCore, "dec", 1, 1, dec, "One less than the number."},
    {kCore, "max", 1, kVariadic, max, "The greatest of the numbers."},
    {kCore, "min", 1, kVariadic, min, "The least of the numbers."},
    {kCore, "abs", 1, 1, abs, "The number without its sign."},
    {kCore, "int", 1, 1, to_int, "The number cut to an integer of 32 bits, or a character's code."},
    {kCore, "long", 1, 1, to_long,
     "The number cut to an integer of 64 bits, or a character's code."},
    {kCore, "double", 1, 1, to_double, "The number as a double."},
    {kCore, "float", 1, 1, to_float, "The number as a double."},
    {kCore, "num", 1, 1, num, "The number itself; anything else is an error."},
    {kCore, "numerator", 1, 1, numerator, "The upper part of a ratio."},
    {kCore, "denominator", 1, 1, denominator, "The lower part of a ratio."},
};

}  // namespace

std::span<const Native> arithmetic_table() { return kArithmeticTable; }

}  // namespace onyx::lang::core
