#include <cmath>
#include <limits>

#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/number.h"

namespace onyx::lang::core {

namespace {

constexpr std::string_view kMath = "Math";

using OfOne = double (*)(double);

// The name in the error comes from the table's row; functions only differ in what they compute.
template <OfOne function>
Value of_one(Call&, Args args) {
  return Value::real(function(double_of("a function of Math", args[0])));
}

Value math_abs(Call&, Args args) {
  const Value& v = args[0];
  if (v.is_integer()) {
    const std::int64_t i = v.as_integer();
    return Value::integer(i < 0 && i != std::numeric_limits<std::int64_t>::min() ? -i : i);
  }
  return Value::real(std::fabs(double_of("Math/abs", v)));
}

// Java's round: half up, to an integer; NaN is 0 and what is too large is the largest.
Value round(Call&, Args args) {
  if (args[0].is_integer()) return std::move(args[0]);
  const double value = double_of("Math/round", args[0]);
  if (std::isnan(value)) return Value::integer(0);
  const double below = std::floor(value);
  const double rounded = value - below >= 0.5 ? below + 1 : below;
  if (rounded >= 9223372036854775808.0)
    return Value::integer(std::numeric_limits<std::int64_t>::max());
  if (rounded <= -9223372036854775808.0)
    return Value::integer(std::numeric_limits<std::int64_t>::min());
  return Value::integer(static_cast<std::int64_t>(rounded));
}

Value pow(Call&, Args args) {
  return Value::real(std::pow(double_of("Math/pow", args[0]), double_of("Math/pow", args[1])));
}
Value atan2(Call&, Args args) {
  return Value::real(
      std::atan2(double_of("Math/atan2", args[0]), double_of("Math/atan2", args[1])));
}
Value hypot(Call&, Args args) {
  return Value::real(
      std::hypot(double_of("Math/hypot", args[0]), double_of("Math/hypot", args[1])));
}

double signum(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; }
double to_radians(double x) { return x / 180.0 * M_PI; }
double to_degrees(double x) { return x * 180.0 / M_PI; }

Value extreme(std::string_view function, Args args, bool wants_greater) {
  for (const Value& v : args) {
    if (!v.is_number()) raise_wrong_type(function, "numbers", v);
    if (v.is_real() && std::isnan(v.as_real())) return v;
  }
  const bool takes_first = (compare_numbers(args[0], args[1], function) > 0) == wants_greater;
  Value result = std::move(args[takes_first ? 0 : 1]);
  const bool has_real = args[0].is_real() || args[1].is_real();
  return has_real && !result.is_real() ? Value::real(result.to_double()) : result;
}
Value math_max(Call&, Args args) { return extreme("Math/max", args, true); }
Value math_min(Call&, Args args) { return extreme("Math/min", args, false); }

Value floor_div(Call&, Args args) {
  const Value a = Value::integer(integer_of("Math/floorDiv", args[0]));
  const Value b = Value::integer(integer_of("Math/floorDiv", args[1]));
  return quotient(subtract(a, modulus(a, b)), b);
}
Value floor_mod(Call&, Args args) {
  return modulus(Value::integer(integer_of("Math/floorMod", args[0])),
                 Value::integer(integer_of("Math/floorMod", args[1])));
}

constexpr Native kMathTable[] = {
    {kMath, "abs", 1, 1, math_abs, "The number without its sign."},
    {kMath, "floor", 1, 1, of_one<std::floor>, "The greatest whole double not above the number."},
    {kMath, "ceil", 1, 1, of_one<std::ceil>, "The least whole double not below the number."},
    {kMath, "rint", 1, 1, of_one<std::nearbyint>,
     "The nearest whole double; of two, the even one."},
    {kMath, "round", 1, 1, round, "The nearest integer; halves go up."},
    {kMath, "sqrt", 1, 1, of_one<std::sqrt>, "The square root."},
    {kMath, "cbrt", 1, 1, of_one<std::cbrt>, "The cube root."},
    {kMath, "pow", 2, 2, pow, "The first number to the power of the second."},
    {kMath, "exp", 1, 1, of_one<std::exp>, "e to the power of the number."},
    {kMath, "log", 1, 1, of_one<std::log>, "The natural logarithm."},
    {kMath, "log10", 1, 1, of_one<std::log10>, "The logarithm to base 10."},
    {kMath, "sin", 1, 1, of_one<std::sin>, "The sine of an angle in radians."},
    {kMath, "cos", 1, 1, of_one<std::cos>, "The cosine of an angle in radians."},
    {kMath, "tan", 1, 1, of_one<std::tan>, "The tangent of an angle in radians."},
    {kMath, "asin", 1, 1, of_one<std::asin>, "The angle in radians whose sine is the number."},
    {kMath, "acos", 1, 1, of_one<std::acos>, "The angle in radians whose cosine is the number."},
    {kMath, "atan", 1, 1, of_one<std::atan>, "The angle in radians whose tangent is the number."},
    {kMath, "atan2", 2, 2, atan2,
     "The angle in radians of the point with ordinate y and abscissa x."},
    {kMath, "hypot", 2, 2, hypot, "The length of the hypotenuse over two sides."},
    {kMath, "signum", 1, 1, of_one<signum>,
     "-1.0, 0.0 or 1.0, as the number is below, at or above 0."},
    {kMath, "toRadians", 1, 1, of_one<to_radians>, "Degrees in radians."},
    {kMath, "toDegrees", 1, 1, of_one<to_degrees>, "Radians in degrees."},
    {kMath, "max", 2, 2, math_max, "The greater of two numbers."},
    {kMath, "min", 2, 2, math_min, "The less of two numbers."},
    {kMath, "floorDiv", 2, 2, floor_div, "The quotient of two integers, rounded down."},
    {kMath, "floorMod", 2, 2, floor_mod,
     "The modulus of two integers, with the sign of the divisor."},
};

}  // namespace

std::span<const Native> math_table() { return kMathTable; }

}  // namespace onyx::lang::core
