#include "daemon/dataflow/parameter_use.h"

#include <cstddef>
#include <string_view>

namespace onyx::dataflow {
namespace {

constexpr std::uint16_t kDepthMax = 200;

// True also when the form is too deep to be walked.
bool mentions(const edn::Value& form, const edn::Value& symbol) {
  if (form.depth() > kDepthMax) return true;
  switch (form.kind()) {
    case edn::Kind::symbol:
      return form == symbol;
    case edn::Kind::list:
    case edn::Kind::vector:
    case edn::Kind::set:
      for (const edn::Value& item : form.items()) {
        if (mentions(item, symbol)) return true;
      }
      return false;
    case edn::Kind::map:
      for (const edn::Entry entry : form.entries()) {
        if (mentions(entry.key, symbol) || mentions(entry.value, symbol)) return true;
      }
      return false;
    case edn::Kind::tagged:
      return true;
    default:
      return false;
  }
}

bool is_symbol(const edn::Value& value, std::string_view text) {
  return value.is_symbol() && value.name()->text == text;
}

std::vector<edn::Value> items_of(const edn::Value& form) {
  std::vector<edn::Value> items;
  for (const edn::Value& item : form.items()) items.push_back(item);
  return items;
}

// `items` is a fn or defn form; its single parameter vector comes before the body.
ParameterUse used_in(const std::vector<edn::Value>& items) {
  ParameterUse used(kEveryParameter);
  std::size_t at = 1;
  while (at < items.size() && !items[at].is_vector()) {
    if (items[at].is_list()) return used;  // several arities
    ++at;
  }
  if (at >= items.size()) return used;
  const std::vector<edn::Value> parameters = items_of(items[at]);
  if (parameters.size() > used.size()) return used;
  for (const edn::Value& parameter : parameters) {
    if (is_symbol(parameter, "&")) return used;
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i].is_symbol()) continue;
    bool is_used = false;
    for (std::size_t j = at + 1; j < items.size() && !is_used; ++j)
      is_used = mentions(items[j], parameters[i]);
    // A default (:or) of another parameter's destructuring may mention it too.
    for (std::size_t j = 0; j < parameters.size() && !is_used; ++j) {
      is_used = !parameters[j].is_symbol() && mentions(parameters[j], parameters[i]);
    }
    used[i] = is_used;
  }
  return used;
}

bool is_function_form(const edn::Value& form) {
  return form.is_list() && form.count() > 0 && is_symbol(form.at(0), "fn");
}

std::string_view namespace_of(const edn::Value& ns_form) {
  return ns_form.count() > 1 && ns_form.at(1).is_symbol()
             ? std::string_view(ns_form.at(1).name()->text)
             : "";
}

}  // namespace

ParameterUse parameters_used(const model::FunctionRef& function,
                             const std::vector<edn::Value>& definitions) {
  if (function.is_inline()) {
    return is_function_form(function.value()) ? used_in(items_of(function.value()))
                                              : ParameterUse(kEveryParameter);
  }
  if (!function.value().is_keyword()) return {kEveryParameter};
  const edn::Name* name = function.value().name();
  std::string_view ns;
  ParameterUse used(kEveryParameter);
  for (const edn::Value& form :
       definitions) {  // the last definition of a name is the one that counts
    if (!form.is_list() || form.count() < 2) continue;
    const std::vector<edn::Value> items = items_of(form);
    if (is_symbol(items[0], "ns")) ns = namespace_of(form);
    if (!items[1].is_symbol() || items[1].name()->text != name->name() || ns != name->ns())
      continue;
    if (is_symbol(items[0], "defn") || is_symbol(items[0], "defn-")) {
      used = used_in(items);
    } else if (is_symbol(items[0], "def") && items.size() == 3 && is_function_form(items[2])) {
      used = used_in(items_of(items[2]));
    } else {
      used = ParameterUse(kEveryParameter);
    }
  }
  return used;
}

}  // namespace onyx::dataflow
