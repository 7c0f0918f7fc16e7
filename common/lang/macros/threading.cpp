#include <fmt/format.h>

#include "common/lang/macros/macros.h"
#include "common/lang/macros/parts.h"

namespace onyx::lang {

namespace {

// (step x …) or (step … x); a name alone is called with x. The place stays that of the step.
Form thread(const Form& step, const Form& value, bool is_first) {
  if (!step->is_list() || step->children.empty()) return make_list(step, {step, value});
  Forms parts = step->children;
  parts.insert(is_first ? parts.begin() + 1 : parts.end(), value);
  return make_list(step, std::move(parts));
}

Form thread_all(Analyzer& analyzer, const Form& form, bool is_first) {
  if (!has_arguments(analyzer, form, 1, "a value")) return nullptr;
  Form value = form->children[1];
  for (std::size_t i = 2; i < form->size(); ++i) value = thread(form->children[i], value, is_first);
  return value;
}

// One let per step, so that a step is not evaluated after nil.
Form thread_some(Analyzer& analyzer, const Form& form, bool is_first) {
  if (!has_arguments(analyzer, form, 1, "a value")) return nullptr;
  const Form name = make_symbol(form, analyzer.new_name("value"));
  Forms bindings{name, form->children[1]};
  for (std::size_t i = 2; i < form->size(); ++i) {
    const Form& step = form->children[i];
    bindings.push_back(name);
    bindings.push_back(make_call(step, "if",
                                 {make_call(step, "clojure.core/nil?", {name}), make_nil(step),
                                  thread(step, name, is_first)}));
  }
  return make_call(form, "let*", {make_vector(form, std::move(bindings)), name});
}

Form thread_cond(Analyzer& analyzer, const Form& form, bool is_first) {
  if (!has_arguments(analyzer, form, 1, "a value")) return nullptr;
  if (form->size() % 2 != 0) {
    analyzer.malformed(form->children.back(),
                       fmt::format("{} needs pairs of a test and a step", form->head()),
                       "no step for this test");
    return nullptr;
  }
  const Form name = make_symbol(form, analyzer.new_name("value"));
  Forms bindings{name, form->children[1]};
  for (std::size_t i = 2; i < form->size(); i += 2) {
    const Form& test = form->children[i];
    bindings.push_back(name);
    bindings.push_back(
        make_call(test, "if", {test, thread(form->children[i + 1], name, is_first), name}));
  }
  return make_call(form, "let*", {make_vector(form, std::move(bindings)), name});
}

}  // namespace

Form expand_thread_first(Analyzer& analyzer, const Form& form) {
  return thread_all(analyzer, form, true);
}
Form expand_thread_last(Analyzer& analyzer, const Form& form) {
  return thread_all(analyzer, form, false);
}
Form expand_some_thread(Analyzer& analyzer, const Form& form) {
  return thread_some(analyzer, form, true);
}
Form expand_some_thread_last(Analyzer& analyzer, const Form& form) {
  return thread_some(analyzer, form, false);
}
Form expand_cond_thread(Analyzer& analyzer, const Form& form) {
  return thread_cond(analyzer, form, true);
}
Form expand_cond_thread_last(Analyzer& analyzer, const Form& form) {
  return thread_cond(analyzer, form, false);
}

// (as-> value name step…)
Form expand_as_thread(Analyzer& analyzer, const Form& form) {
  if (!has_arguments(analyzer, form, 2, "a value and a name")) return nullptr;
  const Form& name = form->children[2];
  if (form->size() == 3) return form->children[1];
  Forms bindings{name, form->children[1]};
  for (std::size_t i = 3; i + 1 < form->size(); ++i) {
    bindings.push_back(name);
    bindings.push_back(form->children[i]);
  }
  return make_call(form, "let*", {make_vector(form, std::move(bindings)), form->children.back()});
}

// (doto x (f a) …): x, after calling each with it.
Form expand_doto(Analyzer& analyzer, const Form& form) {
  if (!has_arguments(analyzer, form, 1, "a value")) return nullptr;
  const Form name = make_symbol(form, analyzer.new_name("value"));
  Forms body{make_vector(form, {name, form->children[1]})};
  for (std::size_t i = 2; i < form->size(); ++i)
    body.push_back(thread(form->children[i], name, true));
  body.push_back(name);
  return make_call(form, "let*", std::move(body));
}

}  // namespace onyx::lang
