// The conformance cases as far as validation alone decides them: jobs to be refused are refused with the path and the
// words the case asks for, and all others are accepted.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <regex>

#include "tests/unit/common/model/support.h"

namespace onyx::model::test {
namespace {

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path root = std::filesystem::path(source_dir()) / "tests/conformance/onyx";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".edn") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<edn::Diagnostic> findings_of(const edn::Value& test_case) {
  const edn::Value& job = test_case.get("job");
  const FormNames names(job);
  Context context;
  context.functions = &names;
  context.features = Features::all();
  if (const edn::Value* params = test_case.get("peer-config").is_map()
                                     ? test_case.get("peer-config").find("onyx.peer/fn-params")
                                     : nullptr) {
    for (edn::Entry entry : params->entries())
      context.tasks_with_fn_params.insert(entry.key.name()->text);
  }
  return validate({job}, context);
}

bool agrees(const edn::Value& expected, const edn::Diagnostic& finding) {
  if (finding.severity != edn::Severity::error) return false;
  const edn::Value& path = expected.get("path");
  if (path.is_vector()) {
    if (path.count() > finding.path.size()) return false;
    for (std::size_t i = 0; i < path.count(); ++i) {
      if (!(path.at(i) == finding.path[i])) return false;
    }
  }
  const edn::Value& pattern = expected.get("message-matches");
  if (!pattern.is_string()) return true;
  const std::regex regex(std::string(pattern.as_string()),
                         std::regex::ECMAScript | std::regex::icase);
  return std::regex_search(finding.message, regex);
}

std::string messages(const std::vector<edn::Diagnostic>& found) {
  std::string text;
  for (const edn::Diagnostic& finding : found) {
    text += finding.code + " " + path_text(finding) + " " + finding.message + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("conformance: jobs to be refused are refused as the cases say", "[model][conformance]") {
  std::size_t refused = 0;
  for (const auto& file : case_files()) {
    const edn::Value test_case = document(file_text(file.string())).value;
    const edn::Value* expected = test_case.find("expect-error");
    if (expected == nullptr) continue;
    ++refused;
    const auto found = findings_of(test_case);
    INFO(file.string() << "\n" << messages(found));
    CHECK(std::any_of(found.begin(), found.end(),
                      [&](const auto& d) { return agrees(*expected, d); }));
  }
  CHECK(refused == 52);
}

TEST_CASE("conformance: all other jobs are accepted, or refused for what would kill them",
          "[model][conformance]") {
  std::size_t accepted = 0;
  for (const auto& file : case_files()) {
    const edn::Value test_case = document(file_text(file.string())).value;
    if (test_case.find("expect-error") != nullptr) continue;
    const auto found = findings_of(test_case);
    INFO(file.string() << "\n" << messages(found));
    if (has_errors(found) && test_case.get("expect-state").is_keyword("killed")) {
      edn::Value expected = test_case.get("expect-exception");
      if (!expected.is_map()) expected = edn::Value::map();
      CHECK(std::any_of(found.begin(), found.end(), [&](const auto& d) {
        return agrees(expected.dissoc(edn::Value::keyword("path")), d);
      }));
      continue;
    }
    ++accepted;
    CHECK_FALSE(has_errors(found));
  }
  CHECK(accepted > 100);
}

}  // namespace onyx::model::test
