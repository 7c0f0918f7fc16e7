// The decimal digits of a double, rounded half up as java.util.Formatter does: on its shortest digits, so that
// 1.005 to two places is 1.01.
#pragma once

#include <string>

namespace onyx::lang::core {

// Without sign; `value` is finite and not negative.
std::string to_fixed(double value, int places);       // "1234.50"
std::string to_scientific(double value, int places);  // "1.234500e+03"
std::string to_general(double value, int precision);  // one of the two, as %g

}  // namespace onyx::lang::core
