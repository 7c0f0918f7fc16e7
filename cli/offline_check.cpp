#include "cli/offline_check.h"

#include "common/model/validation.h"

namespace onyx::cli {

std::vector<edn::Diagnostic> check_offline(const JobFile& job) {
  const model::Context context;
  return model::validate({job.document.value, &job.document.place, job.written.file}, context);
}

}  // namespace onyx::cli
