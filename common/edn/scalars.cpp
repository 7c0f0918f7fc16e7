// Ratios and the conversion of numbers.
#include "common/base/check.h"
#include "common/edn/objects.h"
#include "common/edn/wide.h"

namespace onyx::edn {

std::optional<Value> Value::ratio(std::int64_t numerator, std::int64_t denominator) {
  ONYX_CHECK(denominator != 0, "ratio {}/0", numerator);
  // 128 bits hold the negated smallest integer.
  Int128 n = numerator, d = denominator;
  if (d < 0) {
    n = -n;
    d = -d;
  }
  auto magnitude = static_cast<UInt128>(n < 0 ? -n : n), divisor = static_cast<UInt128>(d);
  while (divisor != 0) {
    const auto rest = magnitude % divisor;
    magnitude = divisor;
    divisor = rest;
  }
  const auto common = static_cast<Int128>(magnitude);
  n /= common;
  d /= common;
  constexpr Int128 kMax = INT64_MAX, kMin = INT64_MIN;
  if (n > kMax || n < kMin || d > kMax) return std::nullopt;
  if (d == 1) return integer(static_cast<std::int64_t>(n));
  auto* object = allocate<RatioObject>();
  object->depth = 0;
  object->numerator = static_cast<std::int64_t>(n);
  object->denominator = static_cast<std::int64_t>(d);
  return adopt(Tag::ratio, object);
}

std::int64_t Value::numerator() const noexcept {
  return static_cast<RatioObject*>(bits_.wide.object)->numerator;
}

std::int64_t Value::denominator() const noexcept {
  return static_cast<RatioObject*>(bits_.wide.object)->denominator;
}

double Value::to_double() const noexcept {
  switch (tag()) {
    case Tag::integer:
      return static_cast<double>(as_integer());
    case Tag::ratio:
      // Correctly rounded where long double has 64 bits of mantissa and both parts fit them.
      return static_cast<double>(static_cast<long double>(numerator()) /
                                 static_cast<long double>(denominator()));
    default:
      return as_real();
  }
}

}  // namespace onyx::edn
