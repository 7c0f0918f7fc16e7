// What the macros share: checks of their shape, and pieces of forms.
#pragma once

#include <algorithm>
#include <string_view>

#include "common/lang/analyzer.h"

namespace onyx::lang {

// True when the form has at least `count` arguments; reports what is missing otherwise.
inline bool has_arguments(Analyzer& analyzer, const Form& form, std::size_t count,
                          std::string_view needs) {
  if (form->size() > count) return true;
  std::string message(form->head());
  message += " needs ";
  message += needs;
  analyzer.malformed(form, std::move(message), "too few");
  return false;
}

inline Form let_one(const Form& at, Form name, Form value, Form body) {
  return make_call(at, "let*",
                   {make_vector(at, {std::move(name), std::move(value)}), std::move(body)});
}

// The arguments from `first` on as one form.
inline Form body_of(const Form& form, std::size_t first) {
  if (first + 1 == form->size()) return form->children[first];
  Forms parts(form->children.begin() + static_cast<std::ptrdiff_t>(std::min(first, form->size())),
              form->children.end());
  return make_call(form, "do", std::move(parts));
}

}  // namespace onyx::lang
