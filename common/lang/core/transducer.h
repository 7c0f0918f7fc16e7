// Transducers: functions from a reducing function to a reducing function, with state of their own per reduction.
//
// Shape:   a Transducer is immutable and may be used any number of times; each use makes a Stage, which passes to `next`.
//          A stage answers no argument (init), one (completion), two or more (a step with one or more inputs).
// Thread:  a Stage belongs to the one reduction it was made for.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "common/edn/value.h"
#include "common/lang/core/arguments.h"
#include "common/lang/function.h"

namespace onyx::lang::core {

struct StageState {
  Callee next;
  Callee f;                // the function the transducer was made with, or nil
  std::int64_t n = 0;      // its number: how many to take, the size of a part …
  std::int64_t count = 0;  // inputs seen
  Value last;              // the input, or key, before this one
  bool has_last = false;
  Value seen;               // a set
  std::vector<Value> part;  // a part being filled

  Value pass(Call& call, Value result, Value input) {
    return next(call, std::move(result), std::move(input));
  }
};

using StageStep = Value (*)(Call& call, StageState& state, Value result, std::span<Value> inputs);
using StageEnd = Value (*)(Call& call, StageState& state, Value result);

// What a transducer does; `end` may be nullptr when nothing is left to say at completion.
struct StageKind {
  std::string_view name;
  StageStep step;
  StageEnd end = nullptr;
};

// `kind` must outlive the transducer.
Value make_transducer(const StageKind& kind, Value f, std::int64_t n = 0);

// The elements of a sequence through a transducer, lazily.
Value transduced(Call& call, Value transducer, std::vector<Value> sources);

}  // namespace onyx::lang::core
