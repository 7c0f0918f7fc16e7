// Everything that can be seen to be wrong with a job without a cluster.
#pragma once

#include <vector>

#include "cli/job_file.h"

namespace onyx::cli {

std::vector<edn::Diagnostic> check_offline(const JobFile& job);

}  // namespace onyx::cli
