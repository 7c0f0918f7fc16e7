// doseq, dotimes, lazy-cat.
#include "common/lang/macros/macros.h"
#include "common/lang/macros/parts.h"

namespace onyx::lang {

// The elements of the for are made and forgotten one by one.
Form expand_doseq(Analyzer& analyzer, const Form& form) {
  if (!has_arguments(analyzer, form, 1, "a vector of bindings")) return nullptr;
  const Form sequence = make_call(form, "for", {form->children[1], body_of(form, 2)});
  const Form ignored = make_symbol(form, analyzer.new_name("ignored"));
  const Form function =
      make_call(form, "fn*", {make_vector(form, {ignored, ignored}), make_nil(form)});
  return make_call(form, "clojure.core/reduce", {function, make_nil(form), sequence});
}

Form expand_dotimes(Analyzer& analyzer, const Form& form) {
  if (!has_arguments(analyzer, form, 1, "a vector of a name and a count")) return nullptr;
  if (!form->children[1]->is_vector() || form->children[1]->size() != 2) {
    analyzer.malformed(form->children[1], "dotimes needs a vector of a name and a count",
                       "not [name count]");
    return nullptr;
  }
  const Forms& binding = form->children[1]->children;
  Forms parts{make_symbol(form, "doseq"),
              make_vector(form, {binding[0], make_call(form, "clojure.core/range", {binding[1]})})};
  parts.insert(parts.end(), form->children.begin() + 2, form->children.end());
  return make_list(form, std::move(parts));
}

Form expand_lazy_cat(Analyzer&, const Form& form) {
  Forms parts;
  for (std::size_t i = 1; i < form->size(); ++i) {
    parts.push_back(make_call(form, "lazy-seq", {form->children[i]}));
  }
  return make_call(form, "clojure.core/concat", std::move(parts));
}

}  // namespace onyx::lang
