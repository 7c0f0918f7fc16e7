#include "common/lang/macros/macros.h"
#include "common/lang/macros/parts.h"

namespace onyx::lang {

// (when test body…) → (if test (do body…))
Form expand_when(Analyzer& analyzer, const Form& form) {
  if (!has_arguments(analyzer, form, 1, "a test")) return nullptr;
  return make_call(form, "if", {form->children[1], body_of(form, 2)});
}

Form expand_when_not(Analyzer& analyzer, const Form& form) {
  if (!has_arguments(analyzer, form, 1, "a test")) return nullptr;
  return make_call(form, "if", {form->children[1], make_nil(form), body_of(form, 2)});
}

Form expand_if_not(Analyzer& analyzer, const Form& form) {
  if (!has_arguments(analyzer, form, 2, "a test and a value")) return nullptr;
  if (form->size() > 4) {
    analyzer.malformed(form, "if-not takes a test and at most two values", "too many");
    return nullptr;
  }
  return make_call(form, "if",
                   {form->children[1], form->size() == 4 ? form->children[3] : make_nil(form),
                    form->children[2]});
}

Form expand_comment(Analyzer&, const Form& form) { return make_nil(form); }

}  // namespace onyx::lang
