// The definitions and namespaces of a job while it is compiled, and what a symbol means among them.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/lang/closure.h"
#include "common/lang/core/core.h"
#include "common/lang/syntax.h"

namespace onyx::lang {

// One (def …) of a program, or one inline form.
struct Definition {
  std::string name;         // "my.app/normalise"
  std::uint32_t index = 0;  // among the globals of an Instance
  bool is_declared_only = true;
  bool is_private = false;
  std::unique_ptr<Code> init;      // without parameters: gives the value
  const Code* function = nullptr;  // when the value is a function without captures
  Form form;                       // where it was defined
  std::shared_ptr<const std::string> file;
  Value sample;               // its value at compile time: for validation, never for a call
  bool is_shareable = false;  // plain data: the sample serves every Instance
};

struct Namespace {
  std::map<std::string, std::string, std::less<>> aliases;  // "str" → "clojure.string"
  std::map<std::string, std::string, std::less<>> refers;   // "join" → "clojure.string/join"
  std::set<std::string, std::less<>> excluded;  // names of clojure.core that are not wanted
  std::map<std::string, Definition*, std::less<>> definitions;
};

class Namespaces {
 public:
  struct Meaning {
    Definition* definition = nullptr;
    const Native* native = nullptr;
    const Value* constant = nullptr;
    bool is_private_elsewhere = false;
    bool is_unknown_namespace = false;
    std::string_view namespace_name;  // of the symbol, after its alias

    bool is_found() const {
      return definition != nullptr || native != nullptr || constant != nullptr;
    }
  };

  Namespace& enter(const std::string& name);
  const std::string& current_name() const { return current_name_; }
  Namespace& current() { return spaces_[current_name_]; }
  bool exists(std::string_view name) const;
  // The job's namespaces and those of the core library.
  std::vector<std::string> names() const;
  // clojure.string and the other namespaces of the core library.
  static bool is_library(std::string_view name);

  // Of a symbol's text as seen from the current namespace.
  Meaning resolve(std::string_view symbol);
  // Every name that could have been meant, as it would be written here.
  std::vector<std::string> candidates(std::string_view symbol);

  Definition& define(std::string_view name);
  std::vector<std::unique_ptr<Definition>>& definitions() { return definitions_; }

 private:
  std::map<std::string, Namespace, std::less<>> spaces_;
  std::string current_name_ = "user";
  std::vector<std::unique_ptr<Definition>> definitions_;
};

// "clojure.core/map" → its row; nullptr when there is none.
const Native* find_native(std::string_view qualified_name);

}  // namespace onyx::lang
