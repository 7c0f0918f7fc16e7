// Expressions over the core library alone, for its tests: EDN text in, printed value or error out.
//
// Shape:   calls, vectors, maps and sets of expressions, `quote`, `if`, `(fn [a b & more] body)`. Symbols are locals or
//          functions of the core library (`str/` and `set/` and `walk/` for the long namespaces). No compiler takes part.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/edn/value.h"
#include "common/lang/call.h"

namespace onyx::lang {

// The value, realised. Throws what evaluation throws.
Value evaluate(Call& call, std::string_view expression);

// The printed value; or "! " and the message of an exception; or "!! " and the message of a limit.
std::string run(std::string_view expression, const Limits& limits = {});

// Rows of expression and what run() gives; an expectation that starts with "~" is a regular expression to be found.
struct Row {
  std::string_view expression;
  std::string_view expected;
};
void check(std::span<const Row> rows);

}  // namespace onyx::lang
