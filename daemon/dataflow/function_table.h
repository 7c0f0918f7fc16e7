// The functions that one task calls, by small numbers.
//
// Shape:   compiled parts of a task (routes, grouping, hooks) hold a FunctionIndex; each peer binds the table once to the
//          functions of its own instance of the program, so that a call needs no look-up.
#pragma once

#include <cstdint>
#include <vector>

#include "common/model/job.h"

namespace onyx::dataflow {

using FunctionIndex = std::uint32_t;

class FunctionTable {
 public:
  // The number of `function`, the same for equal names.
  FunctionIndex add(const model::FunctionRef& function) {
    for (FunctionIndex i = 0; i < functions_.size(); ++i) {
      if (functions_[i].value() == function.value()) return i;
    }
    functions_.push_back(function);
    return static_cast<FunctionIndex>(functions_.size() - 1);
  }

  const std::vector<model::FunctionRef>& functions() const { return functions_; }

 private:
  std::vector<model::FunctionRef> functions_;
};

}  // namespace onyx::dataflow
