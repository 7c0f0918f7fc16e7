// The core library as one table of native functions: clojure.core, clojure.string, clojure.set, clojure.walk, onyx.*,
// and the static calls of Java classes that pure Clojure code uses (`Math/floor` has the namespace "Math").
#pragma once

#include <span>
#include <string_view>

#include "common/lang/function.h"

namespace onyx::lang {

// Lives as long as the process; every (ns, name) once.
std::span<const Native> core_table();

// `Long/MAX_VALUE`, `Math/PI` … in the same way.
struct Constant {
  std::string_view ns;
  std::string_view name;
  Value value;
};
std::span<const Constant> core_constants();

}  // namespace onyx::lang
