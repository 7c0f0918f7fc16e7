// Which parameters a function's code mentions, so that callers need not make arguments that nobody looks at.
//
// Shape:   judged by the text of the form alone: a parameter that is a plain symbol counts as unused when that symbol occurs
//          nowhere behind the parameter vector. Everything else (several arities, `&`, destructuring, functions that are
//          not written out as fn or defn) counts as used.
#pragma once

#include <bitset>
#include <vector>

#include "common/edn/value.h"
#include "common/model/job.h"

namespace onyx::dataflow {

using ParameterUse = std::bitset<16>;  // bit i: parameter i may be used

inline constexpr unsigned long kEveryParameter = 0xffff;

// `definitions` are the forms of a job's :functions.
ParameterUse parameters_used(const model::FunctionRef& function,
                             const std::vector<edn::Value>& definitions);

}  // namespace onyx::dataflow
