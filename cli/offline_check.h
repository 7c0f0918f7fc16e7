// Everything that can be seen to be wrong with a job without a cluster.
#pragma once

#include <string>
#include <vector>

#include "cli/job_file.h"

namespace onyx::cli {

// `id`: over the job's own, when not empty.
std::vector<edn::Diagnostic> check_offline(const JobFile& job, const std::string& id = {});

}  // namespace onyx::cli
