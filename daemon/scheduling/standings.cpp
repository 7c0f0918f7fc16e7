#include "daemon/scheduling/standings.h"

#include <algorithm>

namespace onyx::scheduling {

using replica::FluxPolicy;
using replica::Job;
using replica::Replica;
using replica::Standing;

namespace {

bool is_pinned_by_seats(const replica::TaskSpec& task) { return task.flux == FluxPolicy::kill; }

Standing standing_of(const Replica& replica, const Delta& delta, const Job& job) {
  Problem problem;
  problem.replica = &replica;
  problem.qualified.assign(replica.requirements->size(), 0);
  JobView& view = pose_job(problem, job, delta);
  set_bounds(problem, view);
  return {.job = job.submitted_at,
          .lower = view.lower,
          .upper = view.upper,
          .follows_seats =
              std::any_of(job.spec->tasks.begin(), job.spec->tasks.end(), is_pinned_by_seats),
          .colocated = view.is_colocated()};
}

bool is_before(const Standing& standing, Position job) { return standing.job < job; }

}  // namespace

void note_touched(Replica& replica, const Delta& delta) {
  if (replica.standings->empty() && replica.jobs.size() > 0) {
    auto& standings = replica.standings.edit();
    for (const Job& job : replica.jobs) standings.push_back(standing_of(replica, delta, job));
    return;
  }
  if (delta.jobs.empty()) return;
  auto& standings = replica.standings.edit();
  for (const auto& [at, before] : delta.jobs) {
    const auto place = std::lower_bound(standings.begin(), standings.end(), at, is_before);
    const bool is_known = place != standings.end() && place->job == at;
    if (before.now == nullptr) {
      if (is_known) standings.erase(place);
    } else if (!is_known) {
      standings.insert(place, standing_of(replica, delta, *before.now));
    } else if (place->follows_seats) {
      *place = standing_of(replica, delta, *before.now);
    } else {
      place->settled = -1;
    }
  }
}

void note_settled(Replica& replica, const Problem& problem) {
  if (problem.jobs.empty()) return;
  auto& standings = replica.standings.edit();
  auto place = standings.begin();
  for (const JobView& job : problem.jobs) {
    place = std::lower_bound(place, standings.end(), job.submitted_at, is_before);
    if (place->follows_seats) {
      *place = standing_of(replica, {}, *replica.jobs.find(job.submitted_at));
    } else {
      place->settled = job.use;
    }
  }
}

}  // namespace onyx::scheduling
