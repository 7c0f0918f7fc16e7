// if-let, when-let, if-some, when-some, when-first: a test whose value gets a name.
#include <fmt/format.h>

#include "common/lang/macros/macros.h"
#include "common/lang/macros/parts.h"

namespace onyx::lang {

namespace {

bool check(Analyzer& analyzer, const Form& form) {
  if (form->size() >= 2 && form->children[1]->is_vector() && form->children[1]->size() == 2)
    return true;
  analyzer.malformed(form->size() >= 2 ? form->children[1] : form,
                     fmt::format("{} needs a vector of one name and one value", form->head()),
                     "not [name value]");
  return false;
}

// The value is tested under a name of ours, so that the pattern's names are not seen in the other branch.
Form choose(Analyzer& analyzer, const Form& form, bool by_nil, Form then, Form otherwise) {
  const Form& pattern = form->children[1]->children[0];
  const Form& value = form->children[1]->children[1];
  const Form name = make_symbol(form, analyzer.new_name("value"));
  const Form test = by_nil ? make_call(form, "clojure.core/some?", {name}) : name;
  return let_one(
      form, name, value,
      make_call(form, "if",
                {test, let_one(form, pattern, name, std::move(then)), std::move(otherwise)}));
}

Form expand_if(Analyzer& analyzer, const Form& form, bool by_nil) {
  if (!check(analyzer, form)) return nullptr;
  if (form->size() != 3 && form->size() != 4) {
    analyzer.malformed(form, fmt::format("{} needs a value, and perhaps another one", form->head()),
                       form->size() < 3 ? "too few" : "too many");
    return nullptr;
  }
  return choose(analyzer, form, by_nil, form->children[2],
                form->size() == 4 ? form->children[3] : make_nil(form));
}

Form expand_when_form(Analyzer& analyzer, const Form& form, bool by_nil) {
  if (!check(analyzer, form)) return nullptr;
  return choose(analyzer, form, by_nil, body_of(form, 2), make_nil(form));
}

}  // namespace

Form expand_if_let(Analyzer& analyzer, const Form& form) {
  return expand_if(analyzer, form, false);
}
Form expand_if_some(Analyzer& analyzer, const Form& form) {
  return expand_if(analyzer, form, true);
}
Form expand_when_let(Analyzer& analyzer, const Form& form) {
  return expand_when_form(analyzer, form, false);
}
Form expand_when_some(Analyzer& analyzer, const Form& form) {
  return expand_when_form(analyzer, form, true);
}

// (when-first [x xs] body…)
Form expand_when_first(Analyzer& analyzer, const Form& form) {
  if (!check(analyzer, form)) return nullptr;
  const Form name = make_symbol(form, analyzer.new_name("xs"));
  const Form& pattern = form->children[1]->children[0];
  const Form& value = form->children[1]->children[1];
  return let_one(
      form, name, make_call(form, "clojure.core/seq", {value}),
      make_call(form, "if",
                {name, let_one(form, pattern, make_call(form, "clojure.core/first", {name}),
                               body_of(form, 2))}));
}

}  // namespace onyx::lang
