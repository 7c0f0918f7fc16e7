#include "daemon/scheduling/seating.h"

#include <algorithm>

#include "common/base/check.h"

namespace onyx::scheduling {

using replica::Job;
using replica::Peer;
using replica::Replica;

namespace {

void touch_peer(Delta& delta, const Peer& peer) {
  const std::size_t known = delta.peers.size();
  // Most come in the order of ids.
  const auto at = delta.peers.try_emplace(delta.peers.end(), peer.id);
  if (delta.peers.size() == known) return;
  at->second.now = &peer;
  at->second.group = peer.group;
  at->second.seat = peer.seat;
}

void put_idle(Replica& replica, const Peer& peer) {
  replica.pools.edit()[static_cast<std::size_t>(peer.pool)].idle.put({peer.id});
}

// Takes the peer off its task without making it idle.
void vacate(Replica& replica, Delta& delta, Peer& peer) {
  touch_peer(delta, peer);
  Job& job = *replica.jobs.edit(peer.seat->job);
  Delta::JobBefore& before = touch(delta, job);
  auto& seats = job.seats[static_cast<std::size_t>(peer.seat->task)];
  const auto slot = static_cast<std::size_t>(peer.seat->slot);
  seats[slot] = PeerId();
  while (!seats.empty() && seats.back().empty()) seats.pop_back();
  if (slot < seats.size()) before.has_holes = true;
  peer.seat.reset();
}

// Puts peers on one task after the other; the holes of a task are looked for once.
class Seater {
 public:
  Seater(Replica& replica, Delta& delta) : replica_(replica), delta_(delta) {}

  void seat(Peer& peer, Position job, std::int32_t task) {
    if (job != job_ || task != task_) enter(job, task);
    auto& seats = *seats_;
    while (hole_ < seats.size() && !seats[hole_].empty()) ++hole_;
    if (hole_ == seats.size()) {
      seats.push_back(peer.id);
    } else {
      seats[hole_] = peer.id;
    }
    peer.seat = Peer::Seat{job, task, static_cast<SlotId>(hole_)};
  }

 private:
  void enter(Position at, std::int32_t task) {
    Job& job = *replica_.jobs.edit(at);
    touch(delta_, job);
    job_ = at;
    task_ = task;
    seats_ = &job.seats[static_cast<std::size_t>(task)];
    hole_ = 0;
  }

  Replica& replica_;
  Delta& delta_;
  Position job_ = -1;
  std::int32_t task_ = -1;
  std::vector<PeerId>* seats_ = nullptr;
  std::size_t hole_ = 0;  // all slots below it are taken
};

}  // namespace

Delta::JobBefore& touch(Delta& delta, Job& job) {
  const auto [at, added] = delta.jobs.try_emplace(job.submitted_at);
  if (added) {
    at->second.now = &job;
    at->second.id = job.id;
    at->second.spec = job.spec;
    at->second.version = job.version;
    at->second.had_peers = job.has_peers();
    at->second.coordinator = job.coordinator;
  }
  return at->second;
}

void unseat(Replica& replica, Delta& delta, const PeerId& id) {
  Peer* peer = replica.peers.edit(id);
  if (peer == nullptr || !peer->seat) return;
  vacate(replica, delta, *peer);
  put_idle(replica, *peer);
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
      touch_peer(delta, peer);
      peer.seat.reset();
      put_idle(replica, peer);
    }
  }
}

void rearrange(Replica& replica, Delta& delta, const std::vector<PeerId>& leaving,
               const std::vector<Seating>& seatings) {
  // Who goes from one task to another was idle only in between: it need not be entered and struck out again.
  std::vector<Peer*> left;  // as in `leaving`
  std::vector<bool> goes_on(leaving.size(), false);
  left.reserve(leaving.size());
  for (const PeerId& id : leaving) {
    Peer* peer = replica.peers.edit(id);
    ONYX_CHECK(peer != nullptr && peer->seat, "peer {}", id.text());
    vacate(replica, delta, *peer);
    left.push_back(peer);
  }
  Seater seater(replica, delta);
  for (const Seating& seating : seatings) {
    const auto found = std::lower_bound(leaving.begin(), leaving.end(), seating.peer);
    Peer* peer = nullptr;
    if (found != leaving.end() && *found == seating.peer) {
      const auto index = static_cast<std::size_t>(found - leaving.begin());
      goes_on[index] = true;
      peer = left[index];
    } else {
      peer = replica.peers.edit(seating.peer);
      ONYX_CHECK(peer != nullptr && !peer->seat && peer->pool >= 0, "peer {}", seating.peer.text());
      touch_peer(delta, *peer);
      replica.pools.edit()[static_cast<std::size_t>(peer->pool)].idle.erase(seating.peer);
    }
    seater.seat(*peer, seating.job, seating.task);
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!goes_on[i]) put_idle(replica, *left[i]);
  }
}

std::int64_t seated(const Delta& delta, const Job& job, std::size_t task) {
  const auto& seats = job.seats[task];
  const auto all = static_cast<std::int64_t>(seats.size());
  if (!delta.jobs.contains(job.submitted_at)) return all;
  return all -
         std::count_if(seats.begin(), seats.end(), [](const PeerId& peer) { return peer.empty(); });
}

void see_moves(Delta& delta) {
  for (auto& [id, peer] : delta.peers) {
    if (peer.now != nullptr) peer.after = peer.now->seat;
    if (peer.seat == peer.after) continue;
    if (peer.after) delta.jobs.at(peer.after->job).moved = true;
    if (!peer.seat) continue;
    Delta::JobBefore& job = delta.jobs.at(peer.seat->job);
    job.moved = true;
    const bool has_left = !peer.after || peer.after->job != peer.seat->job;
    if (has_left && job.now != nullptr && job.now->coordinator == id) job.now->coordinator.reset();
  }
}

void close_holes(Replica& replica, Delta& delta) {
  for (const auto& [at, before] : delta.jobs) {
    if (before.now == nullptr || !before.has_holes) continue;
    for (auto& seats : before.now->seats) {
      for (std::size_t hole = 0; hole < seats.size(); ++hole) {
        if (!seats[hole].empty()) continue;
        const PeerId last = seats.back();  // never a hole: unseat() trims
        Peer& peer = *replica.peers.edit(last);
        touch_peer(delta, peer);
        seats[hole] = last;
        seats.pop_back();
        while (!seats.empty() && seats.back().empty()) seats.pop_back();
        peer.seat->slot = static_cast<SlotId>(hole);
      }
    }
  }
}

}  // namespace onyx::scheduling
