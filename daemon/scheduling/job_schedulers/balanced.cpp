#include "daemon/scheduling/job_schedulers/job_schedulers.h"
#include "daemon/scheduling/water_fill.h"

namespace onyx::scheduling {

std::vector<std::int64_t> share_balanced(std::span<const Range> jobs, std::int64_t peers) {
  std::vector<std::int64_t> uses(jobs.size(), 0);
  std::vector<Vessel> vessels;  // of those that are covered
  vessels.reserve(jobs.size());
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    const auto& [lower, capacity] = jobs[j];
    if (lower > capacity || lower > peers) continue;
    peers -= lower;
    uses[j] = lower;
    vessels.push_back({lower, capacity});
  }
  water_fill(vessels, peers);
  auto vessel = vessels.begin();
  for (std::int64_t& use : uses) {
    if (use > 0) use = (vessel++)->level;
  }
  return uses;
}

}  // namespace onyx::scheduling
