#include "common/model/validation.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/model/validation/report.h"
#include "common/model/validation/rules.h"

namespace onyx::model {

std::vector<edn::Diagnostic> validate(const JobText& job, const Context& context) {
  Report report(job);
  if (!job.value.is_map()) {
    auto& finding = report.error(
        "JOB-10", Path(),
        fmt::format("a job must be a map with :workflow, :catalog and :task-scheduler; found {}",
                    shown(job.value)));
    finding.label = "not a map";
    finding.help = "onyxctl doc :workflow";
    return report.take();
  }
  JobParts parts{.job = job.value, .context = context, .report = report};
  check_job(parts);
  check_workflow(parts);
  check_catalog(parts);
  check_flow_conditions(parts);
  check_windows(parts);
  check_triggers(parts);
  check_lifecycles(parts);
  check_resume_point(parts);
  check_features(parts);
  return report.take();
}

bool has_errors(std::span<const edn::Diagnostic> diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const edn::Diagnostic& d) { return d.severity == edn::Severity::error; });
}

}  // namespace onyx::model
