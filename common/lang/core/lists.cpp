#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "common/lang/core/areas.h"
#include "common/lang/core/maps.h"

namespace onyx::lang::core {

namespace {

std::vector<Value> moved(Args args) {
  return {std::make_move_iterator(args.begin()), std::make_move_iterator(args.end())};
}

Value vector(Call& call, Args args) {
  call.charge(args.size() * sizeof(Value));
  return Value::vector(moved(args));
}

Value vec(Call& call, Args args) {
  if (args[0].is_vector()) return std::move(args[0]);
  return Value::vector(collect(call, std::move(args[0]), "vec"));
}

Value list(Call& call, Args args) {
  call.charge(args.size() * sizeof(Value));
  return Value::list(moved(args));
}

Value list_star(Call& call, Args args) {
  Value tail = seq(call, std::move(args.back()));
  for (std::size_t i = args.size() - 1; i-- > 0;) {
    call.step();
    tail = cons(call, std::move(args[i]), std::move(tail));
  }
  return tail;
}

Value conj(Call& call, Args args) {
  if (args.empty()) return Value::vector();
  Value result = std::move(args[0]);
  for (Value& item : args.subspan(1)) {
    call.step();
    result = conjoin(call, std::move(result), std::move(item));
  }
  return result;
}

Value peek(Call&, Args args) {
  const Value& from = args[0];
  if (from.is_nil()) return {};
  if (!from.is_sequential()) raise_wrong_type("peek", "a vector or a list", from);
  if (from.count() == 0) return {};
  return from.at(from.is_vector() ? from.count() - 1 : 0);
}

Value pop(Call&, Args args) {
  if (args[0].is_nil()) return {};
  if (!args[0].is_sequential()) raise_wrong_type("pop", "a vector or a list", args[0]);
  if (args[0].count() == 0) {
    raise(ErrorClass::illegal_state,
          fmt::format("Can't pop empty {}", args[0].is_vector() ? "vector" : "list"));
  }
  return std::move(args[0]).pop();
}

Value subvec(Call& call, Args args) {
  const Value source = std::move(args[0]);
  if (!source.is_vector()) raise_wrong_type("subvec", "a vector", source);
  const auto size = static_cast<std::int64_t>(source.count());
  const std::int64_t start = whole_of("subvec", args[1]);
  const std::int64_t end = args.size() == 3 ? whole_of("subvec", args[2]) : size;
  if (start < 0 || end < start || end > size) {
    raise(ErrorClass::index_out_of_bounds,
          fmt::format("subvec: {} to {} is not within a vector of {} elements", start, end, size));
  }
  std::vector<Value> items;
  call.charge(static_cast<std::size_t>(end - start) * sizeof(Value));
  items.reserve(static_cast<std::size_t>(end - start));
  for (std::int64_t i = start; i < end; ++i) {
    call.step();
    items.push_back(source.at(static_cast<std::size_t>(i)));
  }
  return Value::vector(std::move(items));
}

Value reversed(Call& call, Value source, std::string_view function) {
  std::vector<Value> items = collect(call, std::move(source), function);
  std::reverse(items.begin(), items.end());
  return Value::list(std::move(items));
}

Value reverse(Call& call, Args args) { return reversed(call, std::move(args[0]), "reverse"); }

Value rseq(Call& call, Args args) {
  if (!args[0].is_vector() && as_sorted(args[0]) == nullptr) {
    raise_wrong_type("rseq", "a vector, a sorted map or a sorted set", args[0]);
  }
  if (count(call, args[0]) == 0) return {};
  return reversed(call, std::move(args[0]), "rseq");
}

Value empty(Call&, Args args) {
  switch (args[0].kind()) {
    case edn::Kind::vector:
      return Value::vector();
    case edn::Kind::list:
      return Value::list();
    case edn::Kind::map:
      return Value::map();
    case edn::Kind::set:
      return Value::set();
    default:
      if (const Sorted* sorted = as_sorted(args[0])) return sorted->emptied();
      return as_sequence(args[0]) != nullptr ? Value::list() : Value();
  }
}

constexpr Native kListsTable[] = {
    {kCore, "vector", 0, kVariadic, vector, "A vector of the values."},
    {kCore, "vec", 1, 1, vec, "A vector of the elements."},
    {kCore, "list", 0, kVariadic, list, "A list of the values."},
    {kCore, "list*", 1, kVariadic, list_star,
     "A sequence of the values before the last, followed by its elements."},
    {kCore, "conj", 0, kVariadic, conj,
     "The collection with the values: at a vector's end, at a list's start."},
    {kCore, "peek", 1, 1, peek, "The last of a vector, the first of a list, or nil."},
    {kCore, "pop", 1, 1, pop, "The vector without its last element, the list without its first."},
    {kCore, "subvec", 2, 3, subvec, "The vector's elements from start to before end."},
    {kCore, "reverse", 1, 1, reverse, "The elements, last first."},
    {kCore, "rseq", 1, 1, rseq,
     "The elements of the vector, sorted map or sorted set, last first, or nil when there are "
     "none."},
    {kCore, "empty", 1, 1, empty, "The empty collection of the same kind."},
};

}  // namespace

std::span<const Native> lists_table() { return kListsTable; }

}  // namespace onyx::lang::core
