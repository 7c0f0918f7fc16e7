#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/number.h"
#include "common/lang/order.h"

namespace onyx::lang::core {

namespace {

bool all_equal(Call& call, Args args) {
  for (std::size_t i = 1; i < args.size(); ++i) {
    call.step();
    if (!equal(call, args[i - 1], args[i])) return false;
  }
  return true;
}

Value equals(Call& call, Args args) { return Value::boolean(all_equal(call, args)); }
Value differs(Call& call, Args args) { return Value::boolean(!all_equal(call, args)); }

// Whether `holds` of the order of each number and the next. One number is in order, whatever it is.
template <class Holds>
Value in_order(Call& call, std::string_view function, Args args, Holds holds) {
  for (std::size_t i = 1; i < args.size(); ++i) {
    call.step();
    if (!holds(compare_numbers(args[i - 1], args[i], function))) return Value::boolean(false);
  }
  return Value::boolean(true);
}

Value less(Call& call, Args args) {
  return in_order(call, "<", args, [](int order) { return order == -1; });
}
Value greater(Call& call, Args args) {
  return in_order(call, ">", args, [](int order) { return order == 1; });
}
Value at_most(Call& call, Args args) {
  return in_order(call, "<=", args, [](int order) { return order <= 0; });
}
Value at_least(Call& call, Args args) {
  return in_order(call, ">=", args, [](int order) { return order == 0 || order == 1; });
}
Value same_number(Call& call, Args args) {
  return in_order(call, "==", args, [](int order) { return order == 0; });
}

Value compare(Call& call, Args args) {
  return Value::integer(compare_values(call, args[0], args[1]));
}

// The same object, or equal data that has no identity of its own here: numbers, keywords, short strings.
Value identical(Call&, Args args) {
  const Value& a = args[0];
  const Value& b = args[1];
  if (a.object() != nullptr || b.object() != nullptr) {
    return Value::boolean(a.object() == b.object());
  }
  return Value::boolean(a == b);
}

Value hash(Call& call, Args args) {
  return Value::integer(static_cast<std::int64_t>(stable_hash(key_of(call, std::move(args[0])))));
}

// max-key and min-key: f of each argument; of equal ones the last, as since Clojure 1.9.
Value by_key(Call& call, Args args, int sign, std::string_view function) {
  const Callee key(std::move(args[0]));
  Value best = std::move(args[1]);
  if (args.size() == 2) return best;
  Value best_key = key(call, Value(best));
  for (Value& candidate : args.subspan(2)) {
    Value candidate_key = key(call, Value(candidate));
    const int order = compare_numbers(candidate_key, best_key, function);
    if (order == 0 || order == sign) {
      best = std::move(candidate);
      best_key = std::move(candidate_key);
    }
  }
  return best;
}

Value max_key(Call& call, Args args) { return by_key(call, args, 1, "max-key"); }
Value min_key(Call& call, Args args) { return by_key(call, args, -1, "min-key"); }

constexpr Native kComparisonTable[] = {
    {kCore, "=", 1, kVariadic, equals, "Whether all values are equal; 1 and 1.0 are not."},
    {kCore, "not=", 1, kVariadic, differs, "Whether some values differ."},
    {kCore, "==", 1, kVariadic, same_number,
     "Whether all numbers have the same value; 1 and 1.0 have."},
    {kCore, "<", 1, kVariadic, less, "Whether each number is less than the next."},
    {kCore, ">", 1, kVariadic, greater, "Whether each number is greater than the next."},
    {kCore, "<=", 1, kVariadic, at_most, "Whether no number is greater than the next."},
    {kCore, ">=", 1, kVariadic, at_least, "Whether no number is less than the next."},
    {kCore, "compare", 2, 2, compare,
     "Negative, 0 or positive, as the first comes before, with or after the second."},
    {kCore, "identical?", 2, 2, identical, "Whether both are the very same object."},
    {kCore, "hash", 1, 1, hash, "A hash of the value, the same on every machine; not Clojure's."},
    {kCore, "max-key", 2, kVariadic, max_key, "The value for which (f value) is greatest."},
    {kCore, "min-key", 2, kVariadic, min_key, "The value for which (f value) is least."},
};

}  // namespace

std::span<const Native> comparison_table() { return kComparisonTable; }

}  // namespace onyx::lang::core
