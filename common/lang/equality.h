// Clojure's `=` on values that may hold lazy sequences, and values made fit to be keys.
#pragma once

#include "common/edn/value.h"
#include "common/lang/call.h"

namespace onyx::lang {

// A sequence equals a list or vector with equal elements, something sorted a map or set with equal ones. Compares only as far as needed.
bool equal(Call& call, const Value& a, const Value& b);

// For keys of maps and members of sets: sequences in it become lists, so that hashing sees them.
Value as_key(Call& call, Value value);

}  // namespace onyx::lang
