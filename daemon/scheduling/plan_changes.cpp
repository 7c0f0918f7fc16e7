#include "daemon/scheduling/plan_changes.h"

#include <algorithm>

#include "daemon/scheduling/job_schedulers/job_schedulers.h"
#include "daemon/scheduling/placement/from_idle.h"
#include "daemon/scheduling/task_schedulers/task_schedulers.h"

namespace onyx::scheduling {

using replica::JobScheduler;
using replica::Replica;
using replica::Standing;

namespace {

bool may_all_run_everything(const Problem& problem) {
  return std::all_of(problem.qualified.begin(), problem.qualified.end(),
                     [&](std::int64_t qualified) { return qualified == problem.peers; });
}

// Nothing when a job is colocated.
std::optional<std::vector<std::int64_t>> shares(const Problem& problem,
                                                const std::vector<Standing>& standings) {
  std::vector<Range> ranges;
  ranges.reserve(standings.capacity());
  for (const Standing& job : standings) {
    if (job.colocated) return std::nullopt;
    ranges.push_back({job.lower, std::min(job.upper, problem.peers)});
  }
  return problem.replica->parameters->job_scheduler == JobScheduler::greedy
             ? share_greedy(ranges, problem.peers)
             : share_balanced(ranges, problem.peers);
}

// The jobs whose share is not what they have, or not known to be; those that were touched are among them.
std::vector<std::size_t> changed(const std::vector<Standing>& standings,
                                 const std::vector<std::int64_t>& uses) {
  std::vector<std::size_t> found;
  for (std::size_t j = 0; j < standings.size(); ++j) {
    if (uses[j] != standings[j].settled) found.push_back(j);
  }
  return found;
}

}  // namespace

std::optional<Pass> plan_changes(const Replica& replica, const Delta& delta) {
  const std::vector<Standing>& standings = *replica.standings;
  if (standings.empty()) return Pass{};
  if (replica.parameters->job_scheduler == JobScheduler::percentage) return std::nullopt;
  Pass pass{pose_peers(replica), std::nullopt};
  Problem& problem = pass.problem;
  if (!may_all_run_everything(problem)) return std::nullopt;
  const auto uses = shares(problem, standings);
  if (!uses) return std::nullopt;
  for (const std::size_t j : changed(standings, *uses)) {
    JobView& job = pose_job(problem, *replica.jobs.find(standings[j].job), delta);
    set_bounds(problem, job);
    job.use = (*uses)[j];
    split(problem, job);
  }
  if (stopped_by_pins(problem) != nullptr) return std::nullopt;
  if (is_as_planned(problem)) return pass;
  pass.placement = place_from_idle(problem, {});
  if (!pass.placement) return std::nullopt;
  return pass;
}

}  // namespace onyx::scheduling
