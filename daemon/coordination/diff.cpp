#include "daemon/coordination/diff.h"

#include <algorithm>

#include "common/base/check.h"

namespace onyx::coordination {

const JobChange& Diff::job_of(const replica::Peer::Seat& seat) const {
  const auto at = std::lower_bound(
      jobs.begin(), jobs.end(), seat.job,
      [](const JobChange& job, Position submitted_at) { return job.submitted_at < submitted_at; });
  ONYX_CHECK(at != jobs.end() && at->submitted_at == seat.job, "job submitted at {}", seat.job);
  return *at;
}

replica::Place Diff::place_of(const replica::Peer::Seat& seat) const {
  const JobChange& job = job_of(seat);
  return {job.job, job.spec->tasks[static_cast<std::size_t>(seat.task)].id, seat.slot};
}

}  // namespace onyx::coordination
