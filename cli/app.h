// onyxctl from words to exit code.
//
// Shape:   the command tree (command_tree.h) as a command line; what cannot be parsed is explained with the nearest
//          command or flag that there is, exit code 2.
// Errors:  never throws. A reader of stdout that has gone is not an error: exit code 0.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"

namespace onyx::cli {

// `arguments` without the program's name.
int run(const std::vector<std::string>& arguments, Terminal& terminal);

}  // namespace onyx::cli
