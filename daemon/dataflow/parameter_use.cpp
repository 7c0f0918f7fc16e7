#include "daemon/dataflow/parameter_use.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "daemon/dataflow/written_function.h"

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

}  // namespace

ParameterUse parameters_used(const model::FunctionRef& function,
                             const std::vector<edn::Value>& definitions) {
  ParameterUse used(kEveryParameter);
  const std::optional<WrittenFunction> written = written_function(function, definitions);
  if (!written.has_value() || written->parameters.size() > used.size()) return used;
  const std::vector<edn::Value>& parameters = written->parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i].is_symbol()) continue;
    used[i] = std::any_of(written->body.begin(), written->body.end(),
                          [&](const edn::Value& form) { return mentions(form, parameters[i]); });
    // A default (:or) of another parameter's destructuring may mention it too.
    for (const edn::Value& other : parameters) {
      if (!other.is_symbol() && mentions(other, parameters[i])) used[i] = true;
    }
  }
  return used;
}

}  // namespace onyx::dataflow
