// The core library as one table of native functions: clojure.core, clojure.string, clojure.set, clojure.walk, onyx.*.
#pragma once

#include <span>

#include "common/lang/function.h"

namespace onyx::lang {

// Lives as long as the process; every (ns, name) once.
std::span<const Native> core_table();

}  // namespace onyx::lang
