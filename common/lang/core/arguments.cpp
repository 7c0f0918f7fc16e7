#include "common/lang/core/arguments.h"

namespace onyx::lang::core {

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

}  // namespace onyx::lang::core
