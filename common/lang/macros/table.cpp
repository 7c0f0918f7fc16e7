#include <string>
#include <unordered_map>
#include <vector>

#include "common/lang/macros/macros.h"

namespace onyx::lang {

namespace {

const std::unordered_map<std::string_view, Macro>& table() {
  static const std::unordered_map<std::string_view, Macro> macros = {
      {"when", expand_when},           {"when-not", expand_when_not},
      {"if-not", expand_if_not},       {"if-let", expand_if_let},
      {"if-some", expand_if_some},     {"when-let", expand_when_let},
      {"when-some", expand_when_some}, {"when-first", expand_when_first},
      {"condp", expand_condp},         {"->", expand_thread_first},
      {"->>", expand_thread_last},     {"as->", expand_as_thread},
      {"some->", expand_some_thread},  {"some->>", expand_some_thread_last},
      {"cond->", expand_cond_thread},  {"cond->>", expand_cond_thread_last},
      {"doto", expand_doto},           {"doseq", expand_doseq},
      {"dotimes", expand_dotimes},     {"lazy-cat", expand_lazy_cat},
      {"comment", expand_comment},
  };
  return macros;
}

}  // namespace

Macro find_macro(std::string_view name) {
  const auto found = table().find(name);
  return found == table().end() ? nullptr : found->second;
}

void collect_macro_names(std::vector<std::string>& names) {
  for (const auto& [name, macro] : table()) names.emplace_back(name);
  for (const std::string_view name :
       {"if", "cond", "and", "or", "do", "let", "loop", "recur", "fn", "letfn", "quote", "case",
        "for", "lazy-seq", "try", "throw"}) {
    names.emplace_back(name);
  }
}

}  // namespace onyx::lang
