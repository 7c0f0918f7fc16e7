#include "common/lang/core/maps.h"

#include <fmt/format.h>

#include "common/base/utf8.h"
#include "common/lang/core/areas.h"
#include "common/lang/core/reduction.h"

namespace onyx::lang::core {

std::optional<Value> lookup(Call& call, const Value& collection, const Value& key) {
  switch (collection.kind()) {
    case edn::Kind::map:
    case edn::Kind::set: {
      const Value* found =
          is_plain(key) ? collection.find(key) : collection.find(as_key(call, key));
      if (found == nullptr) return std::nullopt;
      return *found;
    }
    case edn::Kind::vector:
      if (!key.is_integer() || key.as_integer() < 0 ||
          static_cast<std::size_t>(key.as_integer()) >= collection.count()) {
        return std::nullopt;
      }
      return collection.at(static_cast<std::size_t>(key.as_integer()));
    case edn::Kind::string: {
      if (!key.is_integer() || key.as_integer() < 0) return std::nullopt;
      const std::string_view text = collection.as_string();
      auto at = offset_of(text, static_cast<std::size_t>(key.as_integer()));
      if (!at || *at == text.size()) return std::nullopt;
      return Value::character(decode_utf8(text, *at));
    }
    default: {
      const Sorted* sorted = as_sorted(collection);
      const Value* found = sorted != nullptr ? sorted->find(call, key) : nullptr;
      if (found == nullptr) return std::nullopt;
      return *found;
    }
  }
}

Value associate(Call& call, std::string_view function, Value collection, Value key, Value value) {
  if (collection.is_map()) {
    return std::move(collection).assoc(key_of(call, std::move(key)), std::move(value));
  }
  if (collection.is_nil()) {
    return Value::map().assoc(key_of(call, std::move(key)), std::move(value));
  }
  if (is_any_map(collection)) {
    return as_sorted(collection)->with(call, std::move(key), std::move(value));
  }
  if (!collection.is_vector()) raise_wrong_type(function, "a map, a vector or nil", collection);
  if (!key.is_integer()) {
    raise(ErrorClass::illegal_argument,
          fmt::format("{} on a vector needs an index as its key, got {}", function, describe(key)));
  }
  const std::int64_t index = key.as_integer();
  if (index < 0 || static_cast<std::size_t>(index) > collection.count()) {
    raise(ErrorClass::index_out_of_bounds,
          fmt::format("{}: index {} is out of bounds for a vector of {} elements", function, index,
                      collection.count()));
  }
  return std::move(collection).with_at(static_cast<std::size_t>(index), std::move(value));
}

Value dissociate(Call& call, Value map, const Value& key) {
  if (const Sorted* sorted = as_sorted(map)) return sorted->without(call, key);
  return std::move(map).dissoc(as_key(call, key));
}

Value disjoin(Call& call, Value set, const Value& item) {
  if (const Sorted* sorted = as_sorted(set)) return sorted->without(call, item);
  return std::move(set).disj(as_key(call, item));
}

bool is_entry(const Value& value) { return value.is_vector() && value.count() == 2; }

namespace {

Value conjoin_to_map(Call& call, Value map, Value item) {
  if (item.is_nil()) return map;
  if (is_any_map(item)) {
    visit_entries(call, item, [&](const Value& key, const Value& value) {
      map = associate(call, "conj", std::move(map), key, value);
      return true;
    });
    return map;
  }
  if (is_entry(item)) return associate(call, "conj", std::move(map), item.at(0), item.at(1));
  raise(ErrorClass::illegal_argument,
        fmt::format("conj on a map needs a vector of a key and a value, or a map, got {}",
                    describe(item)));
}

}  // namespace

Value conjoin(Call& call, Value collection, Value item) {
  switch (collection.kind()) {
    case edn::Kind::nil:
      return Value::list({std::move(item)});
    case edn::Kind::vector:
    case edn::Kind::list:
      return std::move(collection).conj(std::move(item));
    case edn::Kind::set:
      return std::move(collection).conj(key_of(call, std::move(item)));
    case edn::Kind::map:
      return conjoin_to_map(call, std::move(collection), std::move(item));
    default:
      break;
  }
  if (as_sequence(collection) != nullptr) return cons(call, std::move(item), std::move(collection));
  if (const Sorted* sorted = as_sorted(collection)) {
    if (sorted->is_map()) return conjoin_to_map(call, std::move(collection), std::move(item));
    if (sorted->find(call, item) != nullptr) return collection;
    return sorted->with(call, std::move(item));
  }
  raise_wrong_type("conj", "a collection", collection);
}

namespace {

Value hash_map(Call& call, Args args) {
  if (args.size() % 2 != 0) {
    raise(ErrorClass::illegal_argument,
          fmt::format("hash-map needs a value for every key; {} has none", describe(args.back())));
  }
  Value map = Value::map();
  for (std::size_t i = 0; i < args.size(); i += 2) {
    call.step();
    map = std::move(map).assoc(key_of(call, std::move(args[i])), std::move(args[i + 1]));
  }
  return map;
}

Value assoc(Call& call, Args args) {
  if (args.size() % 2 == 0) {
    raise(ErrorClass::illegal_argument,
          fmt::format("assoc needs a value for every key; {} has none", describe(args.back())));
  }
  Value result = std::move(args[0]);
  for (std::size_t i = 1; i < args.size(); i += 2) {
    call.step();
    result =
        associate(call, "assoc", std::move(result), std::move(args[i]), std::move(args[i + 1]));
  }
  return result;
}

Value dissoc(Call& call, Args args) {
  Value result = std::move(args[0]);
  if (args.size() == 1 || result.is_nil()) return result;
  require_map("dissoc", result);
  for (Value& key : args.subspan(1)) {
    call.step();
    result = dissociate(call, std::move(result), key);
  }
  return result;
}

Value get(Call& call, Args args) {
  if (auto found = lookup(call, args[0], args[1])) return *std::move(found);
  return args.size() == 3 ? std::move(args[2]) : Value();
}

Value get_in(Call& call, Args args) {
  Value at = std::move(args[0]);
  SeqCursor path(std::move(args[1]), "get-in");
  Value key;
  while (path.next(call, key)) {
    auto found = lookup(call, at, key);
    if (!found) return args.size() == 3 ? std::move(args[2]) : Value();
    at = *std::move(found);
  }
  return at;
}

// The value under `key`, taken out so that the collection does not share it while it changes.
Value take_out(Call& call, Value& collection, const Value& key) {
  auto found = lookup(call, collection, key);
  if (!found) return {};
  if (found->object() != nullptr && collection.is_map() && collection.is_unique()) {
    collection = std::move(collection).assoc(key, Value());
  }
  return *std::move(found);
}

// `change` of the innermost value; maps appear where there is nothing.
template <class Change>
Value change_in(Call& call, std::string_view function, Value collection, std::span<Value> path,
                const Change& change) {
  call.step();
  call.check_stack();
  Value key = key_of(call, path.empty() ? Value() : std::move(path[0]));
  Value inner = take_out(call, collection, key);
  inner = path.size() <= 1 ? change(std::move(inner))
                           : change_in(call, function, std::move(inner), path.subspan(1), change);
  return associate(call, function, std::move(collection), std::move(key), std::move(inner));
}

Value assoc_in(Call& call, Args args) {
  std::vector<Value> path = collect(call, std::move(args[1]), "assoc-in");
  return change_in(call, "assoc-in", std::move(args[0]), path,
                   [&](Value) { return std::move(args[2]); });
}

// (f old args…), for update and update-in.
Value changed(Call& call, const Value& function, Value old, std::span<Value> more) {
  std::vector<Value> args;
  args.reserve(more.size() + 1);
  args.push_back(std::move(old));
  for (Value& value : more) args.push_back(std::move(value));
  return invoke(call, function, std::span<Value>(args));
}

Value update(Call& call, Args args) {
  Value collection = std::move(args[0]);
  Value key = key_of(call, std::move(args[1]));
  Value old = lookup(call, collection, key).value_or(Value());
  Value now = args.size() == 3 ? invoke(call, args[2], std::move(old))
                               : changed(call, args[2], std::move(old), args.subspan(3));
  return associate(call, "update", std::move(collection), std::move(key), std::move(now));
}

Value update_in(Call& call, Args args) {
  std::vector<Value> path = collect(call, std::move(args[1]), "update-in");
  return change_in(call, "update-in", std::move(args[0]), path, [&](Value old) {
    return changed(call, args[2], std::move(old), args.subspan(3));
  });
}

Value merge(Call& call, Args args) {
  std::size_t first = 0;
  while (first < args.size() && !args[first].is_truthy()) ++first;
  if (first == args.size()) return {};
  // What comes before the first map is nil, which conj would make a list of; Clojure starts from {}.
  Value result = first == 0 ? std::move(args[0]) : Value::map();
  for (Value& more : args.subspan(first == 0 ? 1 : first)) {
    if (!more.is_nil()) result = conjoin(call, std::move(result), std::move(more));
  }
  return result;
}

Value merge_with(Call& call, Args args) {
  const Callee combine(std::move(args[0]));
  Value result;
  for (Value& more : args.subspan(1)) {
    if (!more.is_truthy()) continue;
    require_map("merge-with", more);
    if (result.is_nil()) {
      result = std::move(more);
      continue;
    }
    visit_entries(call, more, [&](const Value& key, const Value& value) {
      auto old = lookup(call, result, key);
      Value now = old ? combine(call, *std::move(old), Value(value)) : value;
      result = associate(call, "merge-with", std::move(result), key, std::move(now));
      return true;
    });
  }
  return result;
}

Value select_keys(Call& call, Args args) {
  const Value source = std::move(args[0]);
  Value result = Value::map();
  SeqCursor keys(std::move(args[1]), "select-keys");
  Value key;
  while (keys.next(call, key)) {
    if (auto found = lookup(call, source, key)) {
      result = std::move(result).assoc(key_of(call, std::move(key)), *std::move(found));
    }
  }
  return result;
}

Value zipmap(Call& call, Args args) {
  SeqCursor keys(std::move(args[0]), "zipmap");
  SeqCursor values(std::move(args[1]), "zipmap");
  Value result = Value::map();
  Value key;
  Value value;
  while (keys.next(call, key) && values.next(call, value)) {
    result = std::move(result).assoc(key_of(call, std::move(key)), std::move(value));
  }
  return result;
}

// keys and vals take any sequence of entries; of nothing they give nil.
Value halves(Call& call, std::string_view function, Value source, std::size_t half) {
  std::vector<Value> items;
  if (source.is_map()) {
    items.reserve(source.count());
    for (const edn::Entry entry : source.entries()) {
      call.step();
      items.push_back(half == 0 ? entry.key : entry.value);
    }
  } else {
    SeqCursor cursor(std::move(source), function);
    Value item;
    while (cursor.next(call, item)) {
      if (!is_entry(item)) raise_wrong_type(function, "a map", item);
      keep(call, items, item.at(half));
    }
  }
  return items.empty() ? Value() : Value::list(std::move(items));
}

Value keys(Call& call, Args args) { return halves(call, "keys", std::move(args[0]), 0); }
Value vals(Call& call, Args args) { return halves(call, "vals", std::move(args[0]), 1); }

Value key(Call&, Args args) {
  if (!is_entry(args[0])) raise_wrong_type("key", "an entry of a map", args[0]);
  return args[0].at(0);
}
Value val(Call&, Args args) {
  if (!is_entry(args[0])) raise_wrong_type("val", "an entry of a map", args[0]);
  return args[0].at(1);
}

Value find_entry(Call& call, Args args) {
  if (args[0].is_nil()) return {};
  if (!is_any_map(args[0]) && !args[0].is_vector()) {
    raise_wrong_type("find", "a map or a vector", args[0]);
  }
  auto found = lookup(call, args[0], args[1]);
  return found ? pair(std::move(args[1]), *std::move(found)) : Value();
}

Value contains(Call& call, Args args) {
  switch (args[0].kind()) {
    case edn::Kind::nil:
      return Value::boolean(false);
    case edn::Kind::map:
    case edn::Kind::set:
    case edn::Kind::vector:
    case edn::Kind::string:
      return Value::boolean(lookup(call, args[0], args[1]).has_value());
    default:
      if (const Sorted* sorted = as_sorted(args[0])) {
        return Value::boolean(sorted->find(call, args[1]) != nullptr);
      }
      raise(ErrorClass::illegal_argument,
            fmt::format("contains? looks for a key or an index, which {} does not have; "
                        "use some to look for an element",
                        describe(args[0])));
  }
}

Value reduce_kv(Call& call, Args args) {
  const Callee step(std::move(args[0]));
  Value result = std::move(args[1]);
  const Value source = std::move(args[2]);
  if (source.is_nil()) return result;
  if (source.is_vector()) {
    for (std::size_t i = 0; i < source.count(); ++i) {
      call.step();
      result = step(call, std::move(result), Value::integer(static_cast<std::int64_t>(i)),
                    Value(source.at(i)));
      if (is_reduced(result)) return unreduced(std::move(result));
    }
    return result;
  }
  require_map("reduce-kv", source);
  visit_entries(call, source, [&](const Value& key, const Value& value) {
    result = step(call, std::move(result), Value(key), Value(value));
    return !is_reduced(result);
  });
  return unreduced(std::move(result));
}

Value update_vals(Call& call, Args args) {
  const Value source = std::move(args[0]);
  if (source.is_nil()) return Value::map();
  require_map("update-vals", source);
  const Callee change(std::move(args[1]));
  Value result = source.is_map() ? source : Value::map();
  visit_entries(call, source, [&](const Value& key, const Value& value) {
    result = std::move(result).assoc(key, change(call, Value(value)));
    return true;
  });
  return result;
}

Value update_keys(Call& call, Args args) {
  if (args[0].is_nil()) return Value::map();
  require_map("update-keys", args[0]);
  const Callee change(std::move(args[1]));
  Value result = Value::map();
  visit_entries(call, args[0], [&](const Value& key, const Value& value) {
    result = std::move(result).assoc(key_of(call, change(call, Value(key))), value);
    return true;
  });
  return result;
}

constexpr Native kMapsTable[] = {
    {kCore, "hash-map", 0, kVariadic, hash_map, "A map of the keys and values given in turn."},
    {kCore, "array-map", 0, kVariadic, hash_map, "A map of the keys and values given in turn."},
    {kCore, "assoc", 3, kVariadic, assoc,
     "The map with the keys set to the values, or the vector with the indices."},
    {kCore, "assoc-in", 3, 3, assoc_in, "The nested map with the value set at the path of keys."},
    {kCore, "dissoc", 1, kVariadic, dissoc, "The map without the keys."},
    {kCore, "get", 2, 3, get, "The value under the key, or nil, or the default."},
    {kCore, "get-in", 2, 3, get_in, "The value at the path of keys, or nil, or the default."},
    {kCore, "update", 3, kVariadic, update, "The map with (f old args…) under the key."},
    {kCore, "update-in", 3, kVariadic, update_in,
     "The nested map with (f old args…) at the path of keys."},
    {kCore, "merge", 0, kVariadic, merge, "The maps put together; later ones win."},
    {kCore, "merge-with", 1, kVariadic, merge_with,
     "The maps put together; (f earlier later) where both have a key."},
    {kCore, "select-keys", 2, 2, select_keys, "The map with only those of the keys that it has."},
    {kCore, "zipmap", 2, 2, zipmap, "A map of the keys to the values, pair by pair."},
    {kCore, "keys", 1, 1, keys, "The keys of the map, or nil when it is empty."},
    {kCore, "vals", 1, 1, vals, "The values of the map, or nil when it is empty."},
    {kCore, "key", 1, 1, key, "The key of a map's entry."},
    {kCore, "val", 1, 1, val, "The value of a map's entry."},
    {kCore, "find", 2, 2, find_entry, "The entry under the key, or nil."},
    {kCore, "contains?", 2, 2, contains,
     "Whether the map or set has the key, or the vector the index."},
    {kCore, "reduce-kv", 3, 3, reduce_kv,
     "The reduction (f acc key value) over the map or vector."},
    {kCore, "update-vals", 2, 2, update_vals, "The map with f of each value."},
    {kCore, "update-keys", 2, 2, update_keys, "The map with f of each key."},
};

}  // namespace

std::span<const Native> maps_table() { return kMapsTable; }

}  // namespace onyx::lang::core
