#include "common/frontend/function_names.h"

namespace onyx::frontend {

namespace {

// No position of a job passes more arguments than this, so what happens beyond it decides "or more".
constexpr std::size_t kArgumentsMax = 32;

std::vector<model::Definition::Arity> arities_of(const lang::Reference& reference) {
  std::vector<model::Definition::Arity> arities;
  std::size_t open_from = kArgumentsMax + 1;
  while (open_from > 0 && reference.accepts(open_from - 1)) --open_from;
  for (std::size_t n = 0; n < open_from && n <= kArgumentsMax; ++n) {
    if (reference.accepts(n)) arities.push_back({n, false});
  }
  if (open_from <= kArgumentsMax) arities.push_back({open_from, true});
  return arities;
}

}  // namespace

std::optional<model::Definition> ProgramNames::find(std::string_view name) const {
  const auto reference = program_.find(edn::Value::keyword(name));
  if (!reference.has_value()) return std::nullopt;
  model::Definition definition;
  const edn::Value& value = reference->value();
  if (value.is_map()) {
    definition.kind = model::Definition::Kind::map;
    for (const edn::Entry entry : value.entries()) {
      if (entry.key.is_keyword()) definition.keys.push_back(entry.key.name()->text);
    }
  } else if (reference->is_function()) {
    definition.kind = model::Definition::Kind::function;
    definition.arities = arities_of(*reference);
  } else {
    definition.kind = model::Definition::Kind::other;
  }
  return definition;
}

}  // namespace onyx::frontend
