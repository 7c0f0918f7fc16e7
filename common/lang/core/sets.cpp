#include "common/lang/core/areas.h"
#include "common/lang/core/maps.h"

namespace onyx::lang::core {

namespace {

Value set(Call& call, Args args) {
  if (is_any_set(args[0])) return std::move(args[0]);
  Value result = Value::set();
  SeqCursor cursor(std::move(args[0]), "set");
  Value item;
  while (cursor.next(call, item)) result = std::move(result).conj(key_of(call, std::move(item)));
  return result;
}

Value hash_set(Call& call, Args args) {
  Value result = Value::set();
  for (Value& item : args) {
    call.step();
    result = std::move(result).conj(key_of(call, std::move(item)));
  }
  return result;
}

Value disj(Call& call, Args args) {
  Value result = std::move(args[0]);
  if (args.size() == 1 || result.is_nil()) return result;
  if (!is_any_set(result)) raise_wrong_type("disj", "a set", result);
  for (Value& item : args.subspan(1)) {
    call.step();
    result = disjoin(call, std::move(result), item);
  }
  return result;
}

constexpr Native kSetsTable[] = {
    {kCore, "set", 1, 1, set, "A set of the elements."},
    {kCore, "hash-set", 0, kVariadic, hash_set, "A set of the values."},
    {kCore, "disj", 1, kVariadic, disj, "The set without the values."},
};

}  // namespace

std::span<const Native> sets_table() { return kSetsTable; }

}  // namespace onyx::lang::core
