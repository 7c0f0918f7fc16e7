#include "daemon/plugins/registry.h"

#include <utility>

#include "common/base/check.h"

namespace onyx::plugins {

void Registry::add(PluginKind kind) {
  ONYX_CHECK((kind.make_input != nullptr) != (kind.make_output != nullptr),
             "plugin {} must make either inputs or outputs", kind.name);
  const bool added = kinds_.emplace(kind.name, std::move(kind)).second;
  ONYX_CHECK(added, "plugin registered twice");
}

const PluginKind* Registry::find(std::string_view name) const {
  const auto found = kinds_.find(name);
  return found == kinds_.end() ? nullptr : &found->second;
}

std::vector<std::string> Registry::names() const {
  std::vector<std::string> names;
  names.reserve(kinds_.size());
  for (const auto& [name, kind] : kinds_) names.push_back(name);
  return names;
}

}  // namespace onyx::plugins
