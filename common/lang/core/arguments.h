// What native functions need at their door and while they collect results: checked arguments, counted memory.
//
// Errors:  a wrong argument is a class_cast or illegal_argument exception that names the function and what was found.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "common/edn/value.h"
#include "common/lang/call.h"
#include "common/lang/equality.h"
#include "common/lang/exception.h"
#include "common/lang/function.h"
#include "common/lang/number.h"
#include "common/lang/sequence.h"
#include "common/lang/sorted.h"

namespace onyx::lang::core {

using Args = std::span<Value>;

inline std::int64_t integer_of(std::string_view function, const Value& value) {
  if (!value.is_integer()) [[unlikely]]
    raise_wrong_type(function, "an integer", value);
  return value.as_integer();
}

inline double double_of(std::string_view function, const Value& value) {
  if (!value.is_number()) [[unlikely]]
    raise_wrong_type(function, "a number", value);
  return value.to_double();
}

// The view lives as long as `value`.
inline std::string_view text_of(std::string_view function, const Value& value) {
  if (!value.is_string()) [[unlikely]]
    raise_wrong_type(function, "a string", value);
  return value.as_string();
}

// A map or a sorted map.
inline void require_map(std::string_view function, const Value& value) {
  if (!value.is_map() && !is_any_map(value)) [[unlikely]]
    raise_wrong_type(function, "a map", value);
}

// Appends to a vector that is being built, with its memory and length counted.
inline void keep(Call& call, std::vector<Value>& items, Value value) {
  if (items.size() == items.capacity()) [[unlikely]] {
    call.check_length(items.size());
    call.charge((items.size() + 1) * 2 * sizeof(Value));
  }
  items.push_back(std::move(value));
}

inline Value pair(Value first, Value second) {
  std::vector<Value> items;
  items.reserve(2);
  items.push_back(std::move(first));
  items.push_back(std::move(second));
  return Value::vector(std::move(items));
}

inline Value key_of(Call& call, Value value) {
  return is_plain(value) ? std::move(value) : as_key(call, std::move(value));
}

// A function argument, looked up once and called many times.
class Callee {
 public:
  explicit Callee(Value value) : value_(std::move(value)), function_(as_function(value_)) {}

  template <class... Values>
  Value operator()(Call& call, Values&&... values) const {
    Value args[sizeof...(Values) + 1] = {std::forward<Values>(values)...};
    return apply(call, std::span<Value>(args, sizeof...(Values)));
  }
  Value apply(Call& call, std::span<Value> args) const {
    return function_ != nullptr ? function_->call(call, args) : invoke(call, value_, args);
  }
  const Value& value() const { return value_; }

 private:
  Value value_;
  const Function* function_;
};

}  // namespace onyx::lang::core
