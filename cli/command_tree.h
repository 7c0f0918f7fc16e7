// Every command of onyxctl, as it is typed: nouns with verbs, and the everyday verbs at the top as well.
#pragma once

#include "cli/command.h"

namespace onyx::cli {

class Context;

Command command_tree(Context& context);

}  // namespace onyx::cli
