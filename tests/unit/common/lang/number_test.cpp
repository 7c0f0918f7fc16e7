#include "common/lang/number.h"

#include <catch2/catch.hpp>

#include <limits>

#include "common/edn/printer.h"
#include "common/lang/exception.h"

using namespace onyx::lang;

namespace {

Value integer(std::int64_t i) { return Value::integer(i); }
Value ratio(std::int64_t n, std::int64_t d) { return *Value::ratio(n, d); }
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const Thrown& thrown) {
    return as_exception(thrown.exception)->message();
  }
  return "no error";
}

}  // namespace

TEST_CASE("numbers: integers stay exact and throw on overflow", "[lang][number]") {
  CHECK(add(integer(1), integer(2)) == integer(3));
  CHECK(error_of([] { add(integer(kMax), integer(1)); }) == "integer overflow");
  CHECK(error_of([] { subtract(integer(kMin), integer(1)); }) == "integer overflow");
  CHECK(error_of([] { multiply(integer(kMax), integer(2)); }) == "integer overflow");
  CHECK(error_of([] { negate(integer(kMin)); }) == "integer overflow");
  CHECK(error_of([] { quotient(integer(kMin), integer(-1)); }) == "integer overflow");
  CHECK(remainder(integer(kMin), integer(-1)) == integer(0));
}

TEST_CASE("numbers: division gives ratios in lowest terms", "[lang][number]") {
  CHECK(divide(integer(7), integer(2)) == ratio(7, 2));
  CHECK(divide(integer(6), integer(2)) == integer(3));
  CHECK(divide(integer(-6), integer(4)) == ratio(-3, 2));
  CHECK(add(ratio(1, 2), ratio(1, 2)) == integer(1));
  CHECK(add(ratio(1, 2), integer(1)) == ratio(3, 2));
  CHECK(multiply(ratio(2, 3), ratio(3, 2)) == integer(1));
  CHECK(error_of([] { divide(integer(1), integer(0)); }) == "Divide by zero");
  CHECK(divide(Value::real(1.0), integer(4)) == Value::real(0.25));
}

TEST_CASE("numbers: quot, rem and mod have Clojure's signs", "[lang][number]") {
  CHECK(quotient(integer(-7), integer(2)) == integer(-3));
  CHECK(remainder(integer(-7), integer(2)) == integer(-1));
  CHECK(modulus(integer(-7), integer(2)) == integer(1));
  CHECK(modulus(integer(7), integer(-2)) == integer(-1));
  CHECK(modulus(Value::real(-1.5), integer(1)) == Value::real(0.5));
  CHECK(quotient(ratio(7, 2), integer(1)) == integer(3));
  CHECK(error_of([] { modulus(integer(1), integer(0)); }) == "Divide by zero");
}

TEST_CASE("numbers: compare across kinds", "[lang][number]") {
  CHECK(compare_numbers(integer(1), Value::real(1.5), "<") == -1);
  CHECK(compare_numbers(ratio(1, 2), Value::real(0.5), "<") == 0);
  CHECK(compare_numbers(ratio(2, 3), ratio(1, 2), "<") == 1);
  CHECK(compare_numbers(Value::real(std::numeric_limits<double>::quiet_NaN()), integer(1), "<") ==
        2);
  CHECK(equal_numbers(integer(1), Value::real(1.0)));
  CHECK(error_of([] { compare_numbers(Value(), integer(1), "<"); }) == "< needs numbers, got nil");
}
