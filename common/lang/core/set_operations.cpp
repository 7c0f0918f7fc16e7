#include "common/lang/core/areas.h"
#include "common/lang/core/maps.h"

namespace onyx::lang::core {

namespace {

constexpr std::string_view kSet = "clojure.set";

// nil counts as the empty set.
Value set_of(std::string_view function, Value value) {
  if (value.is_nil()) return Value::set();
  if (!is_any_set(value)) raise_wrong_type(function, "sets", value);
  return value;
}

bool has(Call& call, const Value& set, const Value& item) {
  return lookup(call, set, item).has_value();
}

template <class Visit>
void visit_items(Call& call, const Value& set, const Visit& visit) {
  SeqCursor cursor(set, "clojure.set");
  Value item;
  while (cursor.next(call, item)) visit(item);
}

Value set_union(Call& call, Args args) {
  Value result = args.empty() ? Value::set() : set_of("union", std::move(args[0]));
  for (Value& more : args.subspan(args.empty() ? 0 : 1)) {
    Value other = set_of("union", std::move(more));
    if (count(call, other) > count(call, result)) std::swap(result, other);
    visit_items(call, other,
                [&](Value& item) { result = conjoin(call, std::move(result), std::move(item)); });
  }
  return result;
}

Value intersection(Call& call, Args args) {
  Value result = set_of("intersection", std::move(args[0]));
  for (Value& more : args.subspan(1)) {
    Value other = set_of("intersection", std::move(more));
    if (count(call, other) < count(call, result)) std::swap(result, other);
    const Value walked = result;
    visit_items(call, walked, [&](const Value& item) {
      if (!has(call, other, item)) result = disjoin(call, std::move(result), item);
    });
  }
  return result;
}

Value difference(Call& call, Args args) {
  Value result = set_of("difference", std::move(args[0]));
  for (Value& more : args.subspan(1)) {
    const Value other = set_of("difference", std::move(more));
    const bool walks_result = count(call, result) < count(call, other);
    const Value walked = walks_result ? result : other;
    visit_items(call, walked, [&](const Value& item) {
      if (!walks_result || has(call, other, item)) {
        result = disjoin(call, std::move(result), item);
      }
    });
  }
  return result;
}

bool is_within(Call& call, const Value& small, const Value& large) {
  if (count(call, small) > count(call, large)) return false;
  SeqCursor cursor(small, "clojure.set");
  Value item;
  while (cursor.next(call, item)) {
    if (!has(call, large, item)) return false;
  }
  return true;
}

Value is_subset(Call& call, Args args) {
  return Value::boolean(is_within(call, set_of("subset?", std::move(args[0])),
                                  set_of("subset?", std::move(args[1]))));
}
Value is_superset(Call& call, Args args) {
  return Value::boolean(is_within(call, set_of("superset?", std::move(args[1])),
                                  set_of("superset?", std::move(args[0]))));
}

// All old names go before the new ones come, so that {:a :b, :b :a} swaps.
Value renamed(Call& call, Value map, const Value& names) {
  Value result = map;
  visit_entries(call, names, [&](const Value& old, const Value&) {
    result = dissociate(call, std::move(result), old);
    return true;
  });
  visit_entries(call, names, [&](const Value& old, const Value& now) {
    if (auto value = lookup(call, map, old)) {
      result = associate(call, "rename-keys", std::move(result), now, *std::move(value));
    }
    return true;
  });
  return result;
}

Value rename_keys(Call& call, Args args) {
  if (args[0].is_nil()) return {};
  require_map("rename-keys", args[0]);
  require_map("rename-keys", args[1]);
  return renamed(call, std::move(args[0]), args[1]);
}

Value rename(Call& call, Args args) {
  require_map("rename", args[1]);
  Value result = Value::set();
  SeqCursor rows(std::move(args[0]), "rename");
  Value row;
  while (rows.next(call, row)) {
    require_map("rename", row);
    result = std::move(result).conj(key_of(call, renamed(call, std::move(row), args[1])));
  }
  return result;
}

Value map_invert(Call& call, Args args) {
  Value result = Value::map();
  if (args[0].is_nil()) return result;
  require_map("map-invert", args[0]);
  visit_entries(call, args[0], [&](const Value& key, const Value& value) {
    result = std::move(result).assoc(key_of(call, value), key);
    return true;
  });
  return result;
}

Value some_keys(Call& call, const Value& row, const std::vector<Value>& keys) {
  Value result = Value::map();
  for (const Value& key : keys) {
    call.step();
    if (auto found = lookup(call, row, key))
      result = std::move(result).assoc(key_of(call, key), *std::move(found));
  }
  return result;
}

Value project(Call& call, Args args) {
  const std::vector<Value> keys = collect(call, std::move(args[1]), "project");
  Value result = Value::set();
  SeqCursor rows(std::move(args[0]), "project");
  Value row;
  while (rows.next(call, row))
    result = std::move(result).conj(key_of(call, some_keys(call, row, keys)));
  return result;
}

Value select(Call& call, Args args) {
  const Callee f(std::move(args[0]));
  Value result = set_of("select", std::move(args[1]));
  const Value walked = result;
  visit_items(call, walked, [&](const Value& item) {
    if (!f(call, Value(item)).is_truthy()) result = disjoin(call, std::move(result), item);
  });
  return result;
}

// A map of each row's values under `keys` to the rows that have them.
Value indexed(Call& call, Value relation, const std::vector<Value>& keys,
              std::string_view function) {
  Value result = Value::map();
  SeqCursor rows(std::move(relation), function);
  Value row;
  while (rows.next(call, row)) {
    Value index = key_of(call, some_keys(call, row, keys));
    const Value* old = result.find(index);
    Value members = old == nullptr ? Value::set() : *old;
    members = std::move(members).conj(key_of(call, std::move(row)));
    result = std::move(result).assoc(std::move(index), std::move(members));
  }
  return result;
}

Value index(Call& call, Args args) {
  return indexed(call, std::move(args[0]), collect(call, std::move(args[1]), "index"), "index");
}

// Natural join, or over the given pairs {key-of-the-first key-of-the-second}.
Value join(Call& call, Args args) {
  const Value left = std::move(args[0]);
  const Value right = std::move(args[1]);
  std::vector<Value> left_keys;
  std::vector<Value> right_keys;
  if (args.size() == 3) {
    require_map("join", args[2]);
    visit_entries(call, args[2], [&](const Value& left_key, const Value& right_key) {
      left_keys.push_back(left_key);
      right_keys.push_back(as_key(call, right_key));
      return true;
    });
  } else {
    const Value a = first(call, left);
    const Value b = first(call, right);
    if (a.is_nil() || b.is_nil()) return Value::set();
    require_map("join", a);
    require_map("join", b);
    visit_entries(call, a, [&](const Value& key, const Value&) {
      if (!has(call, b, key)) return true;
      left_keys.push_back(key);
      right_keys.push_back(key);
      return true;
    });
  }
  const Value by_key = indexed(call, right, right_keys, "join");
  Value result = Value::set();
  SeqCursor rows(left, "join");
  Value row;
  while (rows.next(call, row)) {
    Value wanted = Value::map();
    for (std::size_t i = 0; i < left_keys.size(); ++i) {
      if (auto found = lookup(call, row, left_keys[i])) {
        wanted = std::move(wanted).assoc(right_keys[i], *std::move(found));
      }
    }
    const Value* partners = by_key.find(key_of(call, std::move(wanted)));
    if (partners == nullptr) continue;
    for (const Value& partner : partners->items()) {
      call.step();
      result = std::move(result).conj(key_of(call, conjoin(call, partner, row)));
    }
  }
  return result;
}

constexpr Native kSetOperationsTable[] = {
    {kSet, "union", 0, kVariadic, set_union, "The elements in any of the sets."},
    {kSet, "intersection", 1, kVariadic, intersection, "The elements in all of the sets."},
    {kSet, "difference", 1, kVariadic, difference,
     "The first set without the elements of the others."},
    {kSet, "subset?", 2, 2, is_subset, "Whether every element of the first set is in the second."},
    {kSet, "superset?", 2, 2, is_superset,
     "Whether every element of the second set is in the first."},
    {kSet, "rename-keys", 2, 2, rename_keys,
     "The map with the keys renamed as the other map says."},
    {kSet, "rename", 2, 2, rename, "The set of maps with the keys renamed as the map says."},
    {kSet, "map-invert", 1, 1, map_invert,
     "The map with its values as keys and its keys as values."},
    {kSet, "project", 2, 2, project, "The set of maps with only the keys."},
    {kSet, "select", 2, 2, select, "The elements of the set for which f is true."},
    {kSet, "index", 2, 2, index,
     "A map of the values under the keys to the maps of the set that have them."},
    {kSet, "join", 2, 3, join,
     "The maps of both sets that agree, put together: in all keys they share, or in those of the "
     "map."},
};

}  // namespace

std::span<const Native> set_operations_table() { return kSetOperationsTable; }

}  // namespace onyx::lang::core
