// The forms that are not calls and not macros, by name.
#pragma once

#include <string_view>

#include "common/lang/analyzer.h"

namespace onyx::lang {

using SpecialForm = NodePtr (*)(Analyzer& analyzer, const Form& form, FunctionScope& scope,
                                Tail tail);

// nullptr when there is none of that name.
SpecialForm find_special_form(std::string_view name);
// Why a form of Clojure is not accepted, or "" when it is not one of those.
std::string_view refusal(std::string_view name);

NodePtr analyze_if(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_cond(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_and(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_or(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_do(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_let(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_loop(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_recur(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_fn(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_letfn(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_quote(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_case(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_for(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_lazy_seq(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_try(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_throw(Analyzer&, const Form&, FunctionScope&, Tail);
NodePtr analyze_def(Analyzer&, const Form&, FunctionScope&, Tail);

}  // namespace onyx::lang
