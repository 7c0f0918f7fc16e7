#include <unordered_map>

#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"

namespace onyx::lang::core {

namespace {

Value group_by(Call& call, Args args) {
  const Callee f(std::move(args[0]));
  SeqCursor cursor(std::move(args[1]), "group-by");
  std::unordered_map<Value, std::size_t, edn::ValueHash> places;
  std::vector<std::pair<Value, std::vector<Value>>> groups;
  Value item;
  while (cursor.next(call, item)) {
    Value key = key_of(call, f(call, Value(item)));
    const auto [at, is_new] = places.try_emplace(key, groups.size());
    if (is_new) {
      constexpr std::size_t kGroupBytes = 128;  // map node, vector, key
      call.charge(kGroupBytes);
      groups.emplace_back(std::move(key), std::vector<Value>());
    }
    keep(call, groups[at->second].second, std::move(item));
  }
  std::vector<std::pair<Value, Value>> entries;
  entries.reserve(groups.size());
  for (auto& [key, items] : groups) {
    call.step();
    entries.emplace_back(std::move(key), Value::vector(std::move(items)));
  }
  return Value::map(std::move(entries));
}

Value frequencies(Call& call, Args args) {
  SeqCursor cursor(std::move(args[0]), "frequencies");
  Value result = Value::map();
  Value item;
  while (cursor.next(call, item)) {
    Value key = key_of(call, std::move(item));
    const Value* old = result.find(key);
    const std::int64_t before = old == nullptr ? 0 : old->as_integer();
    result = std::move(result).assoc(std::move(key), Value::integer(before + 1));
  }
  return result;
}

constexpr Native kGroupingTable[] = {
    {kCore, "group-by", 2, 2, group_by, "A map of each (f element) to a vector of its elements."},
    {kCore, "frequencies", 1, 1, frequencies, "A map of each element to how often it occurs."},
};

}  // namespace

std::span<const Native> grouping_table() { return kGroupingTable; }

}  // namespace onyx::lang::core
