// Patterns of let, fn, loop and for: what they bind, as bindings of plain symbols.
#pragma once

#include "common/lang/analyzer.h"
#include "common/lang/nodes/control.h"

namespace onyx::lang {

// Binds the pattern to the value: appends to `bindings` and adds the locals to the scope, from here on visible. The
// value has been analysed before.
void destructure(Analyzer& analyzer, const Form& pattern, NodePtr value, FunctionScope& scope,
                 std::vector<LetNode::Binding>& bindings);
// The same for a value that is already in a slot. `is_rest`: it is what follows &, where a map pattern takes keyword
// arguments.
void destructure_slot(Analyzer& analyzer, const Form& pattern, std::uint32_t slot,
                      FunctionScope& scope, std::vector<LetNode::Binding>& bindings,
                      bool is_rest = false);

}  // namespace onyx::lang
