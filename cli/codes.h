// Every code that an error of onyxctl or onyxd can carry, with its explanation: those of text (EDN-nn), of jobs, functions
// and configurations (common/model), and here those of the command line, case files and connections.
#pragma once

#include <vector>

#include "common/model/error_codes.h"

namespace onyx::cli {

std::vector<model::ErrorCodeDoc> explained_codes();

}  // namespace onyx::cli
