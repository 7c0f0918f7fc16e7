// Codes of errors that are no job's: the command line, the connection, case files. The others are the model's.
#pragma once

#include <span>

#include "common/model/error_codes.h"

namespace onyx::cli {

std::span<const model::ErrorCodeDoc> own_codes();

}  // namespace onyx::cli
