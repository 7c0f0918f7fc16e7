// Calls of core functions that have nodes of their own.
#pragma once

#include "common/lang/analyzer.h"

namespace onyx::lang {

// The call as a node: one made for it where the function and its operands allow that, else a NativeCallNode. Calls of
// pure functions with constants are evaluated now.
NodePtr specialise(Analyzer& analyzer, const Native& native, std::vector<NodePtr> args,
                   const Form& form);

}  // namespace onyx::lang
