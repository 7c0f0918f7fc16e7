// What a Program holds; for the compiler and the program only.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/lang/namespaces.h"
#include "common/lang/program.h"

namespace onyx::lang {

struct Program::Parts {
  std::vector<std::unique_ptr<Definition>> definitions;
  std::vector<std::unique_ptr<Code>> codes;
  std::unordered_map<std::string, const Definition*> by_name;
  std::unordered_map<Value, const Definition*, edn::ValueHash> by_form;
  std::uint32_t caches = 0;
  Limits limits;  // under which definitions are evaluated
};

// The value of a definition, in a call whose bindings hold those before it.
Outcome evaluate(Call& call, const Definition& definition);

}  // namespace onyx::lang
