#include "common/lang/namespaces.h"

#include <unordered_map>

namespace onyx::lang {

namespace {

constexpr std::string_view kCore = "clojure.core";

struct Library {
  std::unordered_map<std::string, const Native*> natives;
  std::unordered_map<std::string, const Value*> constants;
  std::set<std::string, std::less<>> namespaces;

  Library() {
    for (const Native& native : core_table()) {
      natives.emplace(std::string(native.ns) + "/" + std::string(native.name), &native);
      namespaces.emplace(native.ns);
    }
    for (const Constant& constant : core_constants()) {
      constants.emplace(std::string(constant.ns) + "/" + std::string(constant.name),
                        &constant.value);
      namespaces.emplace(constant.ns);
    }
  }
};

const Library& library() {
  static const Library made;
  return made;
}

std::string qualified(std::string_view ns, std::string_view name) {
  std::string text(ns);
  text += '/';
  text += name;
  return text;
}

// "java.lang.Math" → "Math".
std::string_view without_java_lang(std::string_view ns) {
  constexpr std::string_view kPrefix = "java.lang.";
  if (ns.substr(0, kPrefix.size()) == kPrefix) ns.remove_prefix(kPrefix.size());
  return ns;
}

}  // namespace

const Native* find_native(std::string_view qualified_name) {
  const auto found = library().natives.find(std::string(qualified_name));
  return found == library().natives.end() ? nullptr : found->second;
}

Namespace& Namespaces::enter(const std::string& name) {
  current_name_ = name;
  return spaces_[name];
}

bool Namespaces::exists(std::string_view name) const {
  return spaces_.find(name) != spaces_.end() || is_library(name);
}

std::vector<std::string> Namespaces::names() const {
  std::vector<std::string> names(library().namespaces.begin(), library().namespaces.end());
  for (const auto& [name, space] : spaces_) names.push_back(name);
  return names;
}

bool Namespaces::is_library(std::string_view name) {
  return library().namespaces.find(name) != library().namespaces.end();
}

Namespaces::Meaning Namespaces::resolve(std::string_view symbol) {
  Meaning meaning;
  const auto look_in = [&](std::string_view ns, std::string_view name) {
    const std::string text = qualified(ns, name);
    if (const auto native = library().natives.find(text); native != library().natives.end()) {
      meaning.native = native->second;
    } else if (const auto constant = library().constants.find(text);
               constant != library().constants.end()) {
      meaning.constant = constant->second;
    }
  };
  const std::size_t slash = symbol.size() > 1 ? symbol.find('/') : std::string_view::npos;
  if (slash == std::string_view::npos || slash == 0) {
    Namespace& here = current();
    if (const auto own = here.definitions.find(symbol); own != here.definitions.end()) {
      meaning.definition = own->second;
    } else if (const auto referred = here.refers.find(symbol); referred != here.refers.end()) {
      return resolve(referred->second);
    } else if (here.excluded.find(symbol) == here.excluded.end()) {
      look_in(kCore, symbol);
    }
    return meaning;
  }
  std::string_view ns = symbol.substr(0, slash);
  const std::string_view name = symbol.substr(slash + 1);
  Namespace& here = current();
  if (const auto alias = here.aliases.find(ns); alias != here.aliases.end()) ns = alias->second;
  ns = without_java_lang(ns);
  meaning.namespace_name = ns;
  if (const auto space = spaces_.find(ns); space != spaces_.end()) {
    const auto found = space->second.definitions.find(name);
    if (found != space->second.definitions.end()) {
      if (found->second->is_private && ns != current_name_) {
        meaning.is_private_elsewhere = true;
      } else {
        meaning.definition = found->second;
      }
      return meaning;
    }
  }
  look_in(ns, name);
  meaning.is_unknown_namespace = !meaning.is_found() && !exists(ns);
  return meaning;
}

std::vector<std::string> Namespaces::candidates(std::string_view symbol) {
  std::vector<std::string> names;
  Namespace& here = current();
  const std::size_t slash = symbol.find('/');
  if (slash == std::string_view::npos || symbol.size() == 1) {
    for (const auto& [name, definition] : here.definitions) names.push_back(name);
    for (const auto& [name, full] : here.refers) names.push_back(name);
    for (const Native& native : core_table()) {
      if (native.ns == kCore) names.emplace_back(native.name);
    }
    return names;
  }
  for (const auto& [alias, ns] : here.aliases) {
    for (const Native& native : core_table()) {
      if (native.ns == ns) names.push_back(qualified(alias, native.name));
    }
    if (const auto space = spaces_.find(ns); space != spaces_.end()) {
      for (const auto& [name, definition] : space->second.definitions) {
        names.push_back(qualified(alias, name));
      }
    }
  }
  for (const auto& [ns, space] : spaces_) {
    for (const auto& [name, definition] : space.definitions) names.push_back(qualified(ns, name));
  }
  for (const Native& native : core_table()) names.push_back(qualified(native.ns, native.name));
  return names;
}

Definition& Namespaces::define(std::string_view name) {
  Definition*& known = current().definitions[std::string(name)];
  if (known != nullptr && known->is_declared_only) return *known;
  auto definition = std::make_unique<Definition>();
  definition->name = qualified(current_name_, name);
  definition->index = static_cast<std::uint32_t>(definitions_.size());
  known = definition.get();
  definitions_.push_back(std::move(definition));
  return *known;
}

}  // namespace onyx::lang
