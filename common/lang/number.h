// Arithmetic of the function language: 64-bit integers that throw on overflow, exact ratios, doubles.
//
// Shape:   an operation with a double gives a double; of a ratio and an integer a ratio, or an integer when it is whole.
// Errors:  Thrown: arithmetic ("integer overflow", "Divide by zero"), class_cast ("+ needs numbers, got nil").
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "common/edn/value.h"

namespace onyx::lang {

using edn::Value;

Value add(const Value& a, const Value& b);
Value subtract(const Value& a, const Value& b);
Value multiply(const Value& a, const Value& b);
Value divide(const Value& a, const Value& b);
Value quotient(const Value& a, const Value& b);   // towards zero
Value remainder(const Value& a, const Value& b);  // sign of a
Value modulus(const Value& a, const Value& b);    // sign of b
Value increment(const Value& a);
Value decrement(const Value& a);
Value negate(const Value& a);

// -1, 0, 1 across kinds of numbers; 2 when one is NaN. `function` is named in the error: "<".
int compare_numbers(const Value& a, const Value& b, std::string_view function);
// Clojure's ==.
bool equal_numbers(const Value& a, const Value& b);

// Like Clojure's `(long n)` of an index or a count: any number, cut towards zero.
std::int64_t whole_of(std::string_view function, const Value& value);

}  // namespace onyx::lang
