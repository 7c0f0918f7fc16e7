#include "daemon/scheduling/coordinators.h"

#include <algorithm>

#include "daemon/replica/queries.h"

namespace onyx::scheduling {

using replica::Job;
using replica::Peer;
using replica::Replica;

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

void choose_coordinators(Replica& replica, Delta& delta) {
  for (const auto& [at, before] : delta.jobs) {
    const Job* job = replica.jobs.find(at);
    if (job == nullptr) continue;
    if (job->coordinator) {
      const Peer* peer = replica.peers.find(*job->coordinator);
      if (peer != nullptr && peer->seat && peer->seat->job == at) continue;
    }
    auto chosen = smallest(*job);
    if (chosen != job->coordinator) replica.jobs.edit(at)->coordinator = std::move(chosen);
  }
}

void give_versions(Replica& replica, Delta& delta, Position position) {
  for (auto& [id, before] : delta.peers) {
    const Peer* peer = replica.peers.find(id);
    if (peer != nullptr) before.after = peer->seat;
    if (before.seat == before.after) continue;
    if (before.seat) delta.jobs.at(before.seat->job).moved = true;
    if (before.after) delta.jobs.at(before.after->job).moved = true;
  }
  for (const auto& [at, before] : delta.jobs) {
    if (!before.restarted && !before.moved) continue;
    Job* job = replica.jobs.edit(at);
    if (job == nullptr) continue;
    if (job->has_peers() && job->version >= 0) ++job->restarts;
    job->version = position;
  }
}

}  // namespace onyx::scheduling
