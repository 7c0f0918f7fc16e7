#include "cli/case_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>

#include "cli/job_file.h"

namespace onyx::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_below(const std::string& directory) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_regular_file() && it->path().extension() == ".edn") {
      found.push_back(it->path().string());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

// nullopt: a file below a directory that is no case.
std::optional<CaseFile> read_case_file(const std::string& path, const std::string& text,
                                       bool is_named) {
  CaseFile file{path, text, tl::unexpected(std::vector<edn::Diagnostic>{})};
  auto document = edn::read_document(text, path);
  if (!document) {
    file.content = tl::unexpected(std::vector<edn::Diagnostic>{document.error()});
    return file;
  }
  if (!is_named && !cases::is_case(document->value)) return std::nullopt;
  file.content = cases::read_case(*document, path);
  return file;
}

}  // namespace

api::Answer<std::vector<CaseFile>> find_cases(const std::vector<std::string>& paths) {
  std::vector<CaseFile> found;
  for (const std::string& path : paths) {
    std::error_code error;
    const bool is_directory = fs::is_directory(path, error);
    for (const std::string& name :
         is_directory ? files_below(path) : std::vector<std::string>{path}) {
      ONYX_ASSIGN_OR_RETURN(const api::Source source, read_source(name, std::cin));
      if (auto file = read_case_file(name, source.text, !is_directory)) {
        found.push_back(std::move(*file));
      }
    }
  }
  if (found.empty()) {
    return failure(ErrorCode::not_found,
                   "no case found: a case is an .edn file with :job and one of :expect, "
                   ":expect-contains, :expect-state, :expect-error",
                   "CASE-02");
  }
  return found;
}

}  // namespace onyx::cli
