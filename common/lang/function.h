// What can be called: functions, native and compiled, and the data that Clojure lets one call.
//
// Shape:   a Function takes its arguments as a span of Values that it may move out of. invoke() is the one way to call
//          anything: functions, keywords, symbols, maps, sets, vectors.
// Errors:  throws Thrown or BudgetExceeded, nothing else.
// Thread:  a Function is immutable but for what it calls; it belongs to the Instance that made it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "common/edn/value.h"
#include "common/lang/call.h"

namespace onyx::lang {

// Extensions of the language tell what they are in Object::form, which is cheaper to ask than dynamic_cast.
enum class ExtensionForm : std::uint8_t { other, function, sequence, exception, sorted };

inline bool is_extension(const Value& value, ExtensionForm form) {
  return value.is(edn::Kind::extension) &&
         value.as_extension()->form == static_cast<std::uint8_t>(form);
}

class Function : public edn::Extension {
 public:
  Function() { form = static_cast<std::uint8_t>(ExtensionForm::function); }
  std::string_view type_name() const override { return "function"; }
  void print(std::string& out) const override;  // #<fn my.ns/inc>

  // Checks the number of arguments itself.
  virtual Value call(Call& call, std::span<Value> args) const = 0;
  virtual std::string_view name() const = 0;
  virtual bool accepts(std::size_t argument_count) const = 0;

 protected:
  // Every Value that a function keeps is told to holds(), so that towers of functions are refused before they can
  // exhaust the stack.
  void holds(const Value& value) {
    const std::uint16_t lazy = value.depth() & kLazyDepth;
    const auto levels = static_cast<std::uint16_t>((value.depth() & ~kLazyDepth) + 1);
    const auto own = static_cast<std::uint16_t>(depth & ~kLazyDepth);
    depth = static_cast<std::uint16_t>(std::max(own, levels) | (depth & kLazyDepth) | lazy);
  }
};

// A function written in C++. `args` has between min and max elements.
using NativeFn = Value (*)(Call& call, std::span<Value> args);

inline constexpr std::int16_t kVariadic = -1;

struct Native {
  std::string_view ns;    // "clojure.core"
  std::string_view name;  // "update"
  std::int16_t min;
  std::int16_t max;  // kVariadic: no upper bound
  NativeFn fn;
  std::string_view doc = {};  // one line, for `onyxctl doc`
  bool is_effect = false;     // println and the like: never evaluated at compile time
};

// A Native as a value; the table it comes from must outlive it.
class NativeFunction final : public Function {
 public:
  explicit NativeFunction(const Native& native);
  Value call(Call& call, std::span<Value> args) const override;
  std::string_view name() const override { return name_; }
  bool accepts(std::size_t n) const override {
    return n >= static_cast<std::size_t>(native_.min) &&
           (native_.max == kVariadic || n <= static_cast<std::size_t>(native_.max));
  }
  const Native& native() const { return native_; }

 private:
  const Native& native_;
  std::string name_;
};

// The Function behind a value, or nullptr.
inline const Function* as_function(const Value& value) {
  if (!is_extension(value, ExtensionForm::function)) return nullptr;
  return static_cast<const Function*>(value.as_extension());
}

// Clojure's ifn?: functions, keywords, symbols, maps, sets, vectors.
bool is_callable(const Value& value);

Value invoke(Call& call, const Value& callee, std::span<Value> args);

template <class... Args>
Value invoke(Call& call, const Value& callee,
             Args&&... args) requires(std::is_same_v<std::remove_cvref_t<Args>, Value>&&...) {
  Value values[sizeof...(Args) + 1] = {std::forward<Args>(args)...};
  return invoke(call, callee, std::span<Value>(values, sizeof...(Args)));
}

// "2", "1 or 2", "at least 3".
std::string accepted_text(std::int16_t min, std::int16_t max);
[[noreturn]] void raise_arity(std::string_view function, std::size_t given,
                              std::string_view accepted);

}  // namespace onyx::lang
