// The help of a command: examples first, then how it is called, its commands by group, its flags.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/output/paint.h"

namespace onyx::cli {

// `words`: how the command was reached, "onyxctl job ls".
std::string help_of(const Command& command, const std::string& words,
                    const std::vector<Argument>& global, const Paint& paint);

}  // namespace onyx::cli
