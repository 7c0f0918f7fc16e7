// The conformance cases below some paths.
//
// Shape:   a file that is named is a case, or an error; below a directory, every .edn file with `:job` and something
//          that is expected is one, in the order of their paths.
#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "common/api/refusal.h"
#include "common/cases/case.h"

namespace onyx::cli {

struct CaseFile {
  std::string path;
  std::string text;
  tl::expected<cases::Case, std::vector<edn::Diagnostic>> content;
};

api::Answer<std::vector<CaseFile>> find_cases(const std::vector<std::string>& paths);

}  // namespace onyx::cli
