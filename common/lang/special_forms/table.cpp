#include <unordered_map>

#include "common/lang/special_forms/special_forms.h"

namespace onyx::lang {

SpecialForm find_special_form(std::string_view name) {
  static const std::unordered_map<std::string_view, SpecialForm> table = {
      {"if", analyze_if},
      {"cond", analyze_cond},
      {"and", analyze_and},
      {"or", analyze_or},
      {"do", analyze_do},
      {"let", analyze_let},
      {"let*", analyze_let},
      {"loop", analyze_loop},
      {"loop*", analyze_loop},
      {"recur", analyze_recur},
      {"fn", analyze_fn},
      {"fn*", analyze_fn},
      {"letfn", analyze_letfn},
      {"quote", analyze_quote},
      {"case", analyze_case},
      {"for", analyze_for},
      {"lazy-seq", analyze_lazy_seq},
      {"try", analyze_try},
      {"throw", analyze_throw},
      {"def", analyze_def},
      {"defn", analyze_def},
      {"defn-", analyze_def},
      {"declare", analyze_def},
      {"ns", analyze_def},
  };
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

}  // namespace onyx::lang
