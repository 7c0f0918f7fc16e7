// Value to text that reads back as an equal value.
#pragma once

#include <string>

#include "common/edn/value.h"

namespace onyx::edn {

// One line, Clojure's pr-str: strings quoted and escaped, `#inst "2001-01-01T00:00:00.000-00:00"`, doubles shortest
// round-trip, ##NaN ##Inf ##-Inf.
std::string print(const Value& value);
void print(const Value& value, std::string& out);

// The canonical form: maps and sets in the order of compare(). Equal values print alike; job hashes are made of it.
std::string print_canonical(const Value& value);

// Several lines, at most `width` columns where that is possible, maps a key a line.
std::string pretty(const Value& value, std::size_t width = 100);

}  // namespace onyx::edn
