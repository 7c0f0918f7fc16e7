#include "daemon/coordination/end_job.h"

#include <fmt/format.h>

#include "common/base/check.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

using replica::FinishedJob;
using replica::Job;
using replica::JobState;

void end_job(Applying& a, const JobId& id, JobState state, std::string reason, std::string by) {
  const Job* job = replica::find_job(a.replica, id);
  ONYX_CHECK(job != nullptr, "job {}", id.text());
  const Position at = job->submitted_at;
  a.replica.finished.put({.id = id,
                          .name = job->spec->name,
                          .state = state,
                          .submitted_at = at,
                          .ended_at = a.entry.position,
                          .submitted_at_ms = job->submitted_at_ms,
                          .ended_at_ms = a.entry.created_at_ms,
                          .reason = std::move(reason),
                          .by = std::move(by),
                          .version = job->version,
                          .restarts = job->restarts,
                          .spec = job->spec});
  scheduling::unseat_all(a.replica, a.delta, at);
  auto& before = a.delta.jobs.at(at);
  before.ended = state;
  before.now = nullptr;
  a.replica.job_index.erase(JobId(id));
  a.replica.jobs.erase(at);
  a.reschedule = true;
}

std::optional<Rejected> refuse_unless_live(const replica::Replica& replica, const JobId& id,
                                           std::optional<ReplicaVersion> version) {
  if (const FinishedJob* finished = replica.finished.find(id)) {
    return Rejected{
        Refusal::finished,
        fmt::format("job {} {}", id.text(),
                    finished->state == JobState::completed ? "has completed" : "was killed")};
  }
  const Job* job = replica::find_job(replica, id);
  if (job == nullptr) return Rejected{Refusal::unknown, fmt::format("no job {}", id.text())};
  if (version && *version != job->version) {
    return Rejected{Refusal::stale, fmt::format("job {} is at version {}, the entry speaks of {}",
                                                id.text(), job->version, *version)};
  }
  return std::nullopt;
}

}  // namespace onyx::coordination
