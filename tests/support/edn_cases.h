// Files of EDN cases, for the conformance drivers: every top-level map of every file in a folder is a case.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/edn/printer.h"
#include "common/edn/reader.h"

namespace onyx::test {

struct EdnCase {
  std::string name;  // "balanced.edn: uneven"
  edn::Value value;
};

inline std::vector<EdnCase> edn_cases(const std::string& folder) {
  const char* source = std::getenv("ONYX_SOURCE_DIR");
  const std::filesystem::path root =
      std::filesystem::path(source == nullptr ? "." : source) / "tests/conformance/cases" / folder;
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(root)) {
    if (file.path().extension() == ".edn") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<EdnCase> cases;
  for (const auto& file : files) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    auto documents = edn::read_all(text.str(), file.string());
    if (!documents) {
      throw std::runtime_error(edn::render(documents.error(), text.str(), false));
    }
    for (auto& document : *documents) {
      const edn::Value& name = document.value.get("case");
      cases.push_back({file.filename().string() + ": " +
                           (name.is_string() ? std::string(name.as_string()) : edn::print(name)),
                       document.value});
    }
  }
  return cases;
}

}  // namespace onyx::test
