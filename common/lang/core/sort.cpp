#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/order.h"

namespace onyx::lang::core {

namespace {

Value sort(Call& call, Args args) {
  const Comparator comparator(args.size() == 2 ? std::move(args[0]) : Value());
  std::vector<Value> items = collect(call, std::move(args.back()), "sort");
  sort_stable(call, items, {}, comparator);
  return Value::list(std::move(items));
}

Value sort_by(Call& call, Args args) {
  const Callee key(std::move(args[0]));
  const Comparator comparator(args.size() == 3 ? std::move(args[1]) : Value());
  std::vector<Value> items = collect(call, std::move(args.back()), "sort-by");
  std::vector<Value> keys;
  for (const Value& item : items) keep(call, keys, key(call, Value(item)));
  sort_stable(call, items, std::move(keys), comparator);
  return Value::list(std::move(items));
}

constexpr Native kSortTable[] = {
    {kCore, "sort", 1, 2, sort,
     "The elements in order, by compare or the comparator; equal ones keep theirs."},
    {kCore, "sort-by", 2, 3, sort_by,
     "The elements in the order of (f element), by compare or the comparator."},
};

}  // namespace

std::span<const Native> sort_table() { return kSortTable; }

}  // namespace onyx::lang::core
