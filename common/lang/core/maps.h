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

// Clojure's `conj` for one item.
Value conjoin(Call& call, Value collection, Value item);

// A value of length `2` as a map entry, else nullptr.
bool is_entry(const Value& value);

}  // namespace onyx::lang::core
