// Seam: how compiled parts of a task call the user's functions, on one peer.
//
// Thread:  the task's. A call may be paused and go on elsewhere; nothing may be locked across it.
// Errors:  an exception of the function is a value, with its position and trace.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "common/edn/value.h"
#include "daemon/dataflow/function_table.h"

namespace onyx::dataflow {

// A result, or the exception (lang::ExceptionInfo) that came instead.
using Evaluated = tl::expected<edn::Value, edn::Value>;

class Evaluator {
 public:
  virtual ~Evaluator() = default;
  // May move out of `arguments`. Lazy sequences in the result are realised.
  virtual Evaluated call(FunctionIndex function, std::span<edn::Value> arguments) = 0;
  // Calls it with `leading` and each element in turn. A result that is a map takes the element's place; it stops at the
  // first that gives anything else, which stays as it was, and returns its index and in `other` what it gave; the number of
  // elements when there is none.
  virtual std::size_t call_each(FunctionIndex function, std::span<const edn::Value> leading,
                                std::span<edn::Value> elements, Evaluated& other) = 0;
  // For people: ":my.app/normalise", or "(fn …)" with its place.
  virtual std::string name_of(FunctionIndex function) const = 0;
};

}  // namespace onyx::dataflow
