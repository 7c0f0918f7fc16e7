// The macros of clojure.core that we know: form to form.
#pragma once

#include <string_view>

#include "common/lang/analyzer.h"

namespace onyx::lang {

// nullptr after an error, which it has reported.
using Macro = Form (*)(Analyzer& analyzer, const Form& form);

Macro find_macro(std::string_view name);
// Names of all macros and special forms, for suggestions.
void collect_macro_names(std::vector<std::string>& names);

Form expand_when(Analyzer&, const Form&);
Form expand_when_not(Analyzer&, const Form&);
Form expand_if_not(Analyzer&, const Form&);
Form expand_if_let(Analyzer&, const Form&);
Form expand_if_some(Analyzer&, const Form&);
Form expand_when_let(Analyzer&, const Form&);
Form expand_when_some(Analyzer&, const Form&);
Form expand_when_first(Analyzer&, const Form&);
Form expand_condp(Analyzer&, const Form&);
Form expand_thread_first(Analyzer&, const Form&);
Form expand_thread_last(Analyzer&, const Form&);
Form expand_as_thread(Analyzer&, const Form&);
Form expand_some_thread(Analyzer&, const Form&);
Form expand_some_thread_last(Analyzer&, const Form&);
Form expand_cond_thread(Analyzer&, const Form&);
Form expand_cond_thread_last(Analyzer&, const Form&);
Form expand_doto(Analyzer&, const Form&);
Form expand_doseq(Analyzer&, const Form&);
Form expand_dotimes(Analyzer&, const Form&);
Form expand_lazy_cat(Analyzer&, const Form&);
Form expand_comment(Analyzer&, const Form&);

}  // namespace onyx::lang
