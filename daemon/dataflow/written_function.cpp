#include "daemon/dataflow/written_function.h"

#include <cstddef>

namespace onyx::dataflow {
namespace {

std::vector<edn::Value> items_of(const edn::Value& form) {
  std::vector<edn::Value> items;
  for (const edn::Value& item : form.items()) items.push_back(item);
  return items;
}

bool is_function_form(const edn::Value& form) {
  return form.is_list() && form.count() > 0 && is_symbol(form.at(0), "fn");
}

// `items` is a fn or defn form; name, text and parameters come before the body.
std::optional<WrittenFunction> of_form(const std::vector<edn::Value>& items) {
  std::size_t at = 1;
  while (at < items.size() && !items[at].is_vector()) {
    if (items[at].is_list()) return std::nullopt;  // several arities
    ++at;
  }
  if (at >= items.size()) return std::nullopt;
  WrittenFunction written;
  written.parameters = items_of(items[at]);
  for (const edn::Value& parameter : written.parameters) {
    if (is_symbol(parameter, "&")) return std::nullopt;
  }
  written.body.assign(items.begin() + static_cast<std::ptrdiff_t>(at) + 1, items.end());
  return written;
}

std::string_view namespace_of(const edn::Value& ns_form) {
  return ns_form.at(1).is_symbol() ? std::string_view(ns_form.at(1).name()->text) : "";
}

}  // namespace

bool is_symbol(const edn::Value& value, std::string_view text) {
  return value.is_symbol() && value.name()->text == text;
}

std::optional<WrittenFunction> written_function(const model::FunctionRef& function,
                                                const std::vector<edn::Value>& definitions) {
  if (function.is_inline()) {
    return is_function_form(function.value()) ? of_form(items_of(function.value())) : std::nullopt;
  }
  if (!function.value().is_keyword()) return std::nullopt;
  const edn::Name* name = function.value().name();
  std::string_view ns;
  std::optional<WrittenFunction> written;
  for (const edn::Value& form : definitions) {
    if (!form.is_list() || form.count() < 2) continue;
    const std::vector<edn::Value> items = items_of(form);
    if (is_symbol(items[0], "ns")) ns = namespace_of(form);
    if (ns != name->ns() || !is_symbol(items[1], name->name())) continue;
    if (is_symbol(items[0], "defn") || is_symbol(items[0], "defn-")) {
      written = of_form(items);
    } else if (is_symbol(items[0], "def") && items.size() == 3 && is_function_form(items[2])) {
      written = of_form(items_of(items[2]));
    } else {
      written.reset();
    }
  }
  return written;
}

bool is_redefined(std::string_view name, const std::vector<edn::Value>& definitions) {
  for (const edn::Value& form : definitions) {
    if (form.is_list() && form.count() >= 2 && is_symbol(form.at(1), name)) return true;
  }
  return false;
}

}  // namespace onyx::dataflow
