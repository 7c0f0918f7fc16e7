// A step of a task's loop, and what it says when it has run.
//
// Shape:   a phase is a function of the machine's state. It either advances, stays until something happens, jumps to one of the
//          three places that exist, or ends the task; or it fails with an exception, which the lifecycle handlers are shown
//          under the phase's name.
// Source:  Onyx task_lifecycle states; spec of the information model, 14.
#pragma once

#include <cstdint>
#include <string_view>

#include <tl/expected.hpp>

#include "common/edn/value.h"

namespace onyx::task {

struct MachineState;

enum class Said : std::uint8_t {
  advance,  // on to the next phase
  stay,     // nothing can be done now; this phase again when the task is stepped
  idle,     // nothing can be done now; the first phase of the loop when the task is stepped
  process,  // to the first phase of the batch
  iterate,  // to the first phase of the loop, with the batch as it is
  ended,    // sealed and published
};

using Verdict = tl::expected<Said, edn::Value>;  // an exception

struct Phase {
  std::string_view name;  // "lifecycle/read-batch"
  Verdict (*run)(MachineState&);
};

}  // namespace onyx::task
