#include "daemon/scheduling/seating.h"

#include <algorithm>

#include "common/base/check.h"

namespace onyx::scheduling {

using replica::Job;
using replica::Peer;
using replica::Place;
using replica::Replica;

namespace {

Place place_in(const Job& job, const Peer::Seat& seat) {
  return {job.id, job.spec->tasks[static_cast<std::size_t>(seat.task)].id, seat.slot};
}

void touch_peer(Delta& delta, const Replica& replica, const Peer& peer) {
  const auto [at, added] = delta.peers.try_emplace(peer.id);
  if (!added) return;
  at->second.group = peer.group;
  if (peer.seat) at->second.place = place_in(*replica.jobs.find(peer.seat->job), *peer.seat);
}

}  // namespace

Delta::JobBefore& touch(Delta& delta, const Job& job) {
  const auto [at, added] = delta.jobs.try_emplace(job.submitted_at);
  if (added) {
    at->second.id = job.id;
    at->second.version = job.version;
    at->second.had_peers = job.has_peers();
    at->second.coordinator = job.coordinator;
  }
  return at->second;
}

void unseat(Replica& replica, Delta& delta, const PeerId& id) {
  Peer* peer = replica.peers.edit(id);
  if (peer == nullptr || !peer->seat) return;
  touch_peer(delta, replica, *peer);
  Job& job = *replica.jobs.edit(peer->seat->job);
  touch(delta, job);
  auto& seats = job.seats[static_cast<std::size_t>(peer->seat->task)];
  seats[static_cast<std::size_t>(peer->seat->slot)] = PeerId();
  while (!seats.empty() && seats.back().empty()) seats.pop_back();
  peer->seat.reset();
  replica.pools.edit()[static_cast<std::size_t>(peer->pool)].idle.put({id});
}

void unseat_all(Replica& replica, Delta& delta, Position at) {
  Job& job = *replica.jobs.edit(at);
  touch(delta, job);
  const auto seats = std::move(job.seats);
  job.seats.assign(seats.size(), {});
  for (const auto& task : seats) {
    for (const PeerId& id : task) {
      if (id.empty()) continue;
      Peer& peer = *replica.peers.edit(id);
      const auto [before, added] = delta.peers.try_emplace(id);
      if (added) {
        before->second.group = peer.group;
        before->second.place = place_in(job, *peer.seat);
      }
      peer.seat.reset();
      replica.pools.edit()[static_cast<std::size_t>(peer.pool)].idle.put({id});
    }
  }
}

void seat(Replica& replica, Delta& delta, Position at, std::int32_t task, const PeerId& id) {
  Peer* peer = replica.peers.edit(id);
  ONYX_CHECK(peer != nullptr && !peer->seat && peer->pool >= 0, "peer {}", id.text());
  touch_peer(delta, replica, *peer);
  Job& job = *replica.jobs.edit(at);
  touch(delta, job);
  auto& seats = job.seats[static_cast<std::size_t>(task)];
  const auto hole =
      std::find_if(seats.begin(), seats.end(), [](const PeerId& seated) { return seated.empty(); });
  const auto slot = static_cast<SlotId>(hole - seats.begin());
  if (hole == seats.end()) {
    seats.push_back(id);
  } else {
    *hole = id;
  }
  peer->seat = Peer::Seat{at, task, slot};
  replica.pools.edit()[static_cast<std::size_t>(peer->pool)].idle.erase(id);
}

std::int64_t seated(const Delta& delta, const Job& job, std::size_t task) {
  const auto& seats = job.seats[task];
  const auto all = static_cast<std::int64_t>(seats.size());
  if (!delta.jobs.contains(job.submitted_at)) return all;
  return all -
         std::count_if(seats.begin(), seats.end(), [](const PeerId& peer) { return peer.empty(); });
}

void close_holes(Replica& replica, Delta& delta) {
  for (const auto& [at, before] : delta.jobs) {
    const Job* job = replica.jobs.find(at);
    if (job == nullptr) continue;
    for (std::size_t task = 0; task < job->seats.size(); ++task) {
      const auto hole_in = [&] {
        const auto& seats = job->seats[task];
        return std::find_if(seats.begin(), seats.end(),
                            [](const PeerId& peer) { return peer.empty(); }) -
               seats.begin();
      };
      for (auto hole = hole_in(); hole < static_cast<std::ptrdiff_t>(job->seats[task].size());
           hole = hole_in()) {
        auto& seats = replica.jobs.edit(at)->seats[task];
        const PeerId last = seats.back();  // never a hole: unseat() trims
        Peer& peer = *replica.peers.edit(last);
        touch_peer(delta, replica, peer);
        seats[static_cast<std::size_t>(hole)] = last;
        seats.pop_back();
        while (!seats.empty() && seats.back().empty()) seats.pop_back();
        peer.seat->slot = static_cast<SlotId>(hole);
        job = replica.jobs.find(at);
      }
    }
  }
}

}  // namespace onyx::scheduling
