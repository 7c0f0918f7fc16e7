// A position of the log as it is typed.
//
// Errors:  invalid_argument (CLI-03) that says what was found.
#pragma once

#include <string>

#include "common/base/ids.h"
#include "common/base/result.h"

namespace onyx::cli {

// `what` is where it was typed: "--from", "N".
Result<Position> parse_position(const std::string& text, const std::string& what);

}  // namespace onyx::cli
