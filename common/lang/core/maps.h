// Access by key, shared by the functions of maps, sets and clojure.set.
#pragma once

#include <cstddef>
#include <optional>

#include "common/edn/value.h"
#include "common/lang/core/arguments.h"

namespace onyx::lang::core {

// Clojure's `get`: by key of maps and sets, by index of vectors and strings, nothing of anything else.
std::optional<Value> lookup(Call& call, const Value& collection, const Value& key);

// Clojure's `assoc` for one key; nil counts as an empty map.
Value associate(Call& call, std::string_view function, Value collection, Value key, Value value);

// The map without the key, the set without the element.
Value dissociate(Call& call, Value map, const Value& key);
Value disjoin(Call& call, Value set, const Value& item);

// `visit(key, value)` for the entries of a map, sorted or not, until it returns false.
template <class Visit>
void visit_entries(Call& call, const Value& map, const Visit& visit) {
  if (const Sorted* sorted = as_sorted(map)) {
    for (std::size_t i = 0; i < sorted->count(); ++i) {
      call.step();
      if (!visit(sorted->key_at(i), sorted->value_at(i))) return;
    }
    return;
  }
  for (const edn::Entry entry : map.entries()) {
    call.step();
    if (!visit(entry.key, entry.value)) return;
  }
}

// Clojure's `conj` for one item.
Value conjoin(Call& call, Value collection, Value item);

// A value of length `2` as a map entry, else nullptr.
bool is_entry(const Value& value);

}  // namespace onyx::lang::core
