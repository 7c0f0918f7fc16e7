#include "daemon/scheduling/coordinators.h"

#include <algorithm>

namespace onyx::scheduling {

using replica::Job;

namespace {

std::optional<PeerId> smallest(const Job& job) {
  const PeerId* best = nullptr;
  for (const auto& task : job.seats) {
    for (const PeerId& peer : task) {
      if (best == nullptr || peer < *best) best = &peer;
    }
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

}  // namespace

void choose_coordinators(Delta& delta) {
  for (auto& [at, job] : delta.jobs) {
    if (job.now != nullptr && !job.now->coordinator) job.now->coordinator = smallest(*job.now);
  }
}

void give_versions(Delta& delta, Position position) {
  for (auto& [at, before] : delta.jobs) {
    if (before.now == nullptr || !(before.restarted || before.moved)) continue;
    Job& job = *before.now;
    if (job.has_peers() && job.version >= 0) ++job.restarts;
    job.version = position;
  }
}

}  // namespace onyx::scheduling
