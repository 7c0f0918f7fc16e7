#include "cli/offline_check.h"

#include "common/frontend/checked_job.h"

namespace onyx::cli {

std::vector<edn::Diagnostic> check_offline(const JobFile& job, const std::string& id) {
  frontend::JobText text{{job.written.file, job.written.text}, {}, id};
  for (const api::Source& source : job.functions) {
    text.functions.push_back({source.file, source.text});
  }
  return frontend::check(text, {}).diagnostics;
}

}  // namespace onyx::cli
