// What the exit code of onyxctl says.
#pragma once

#include "common/base/error.h"

namespace onyx::cli {

enum class ExitCode : int {
  done = 0,
  failed = 1,   // on the server
  usage = 2,    // also an ambiguous id
  invalid = 3,  // job or configuration
  job_ended_badly = 4,
  not_found = 5,
  conflict = 6,
  not_placed = 7,  // accepted, but no peers for it
  unreachable = 8,
  not_permitted = 9,
  tests_failed = 10,
  timed_out = 124,
  interrupted = 130,
};

ExitCode exit_code_of(ErrorCode code);

}  // namespace onyx::cli
