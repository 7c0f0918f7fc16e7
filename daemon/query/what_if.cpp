#include "daemon/query/what_if.h"

#include <fmt/format.h>

#include <utility>

#include "daemon/coordination/transition.h"

namespace onyx::query {

using replica::Job;
using replica::Replica;

namespace {

std::int64_t seats_on(const Job* job, std::size_t task) {
  return job == nullptr || task >= job->seats.size()
             ? 0
             : static_cast<std::int64_t>(job->seats[task].size());
}

JobFate fate_of(const Replica& before, const Replica& after, const Job& job) {
  const Job* then = replica::find_job(before, job.id);
  const Job* now = replica::find_job(after, job.id);
  JobFate fate;
  fate.job = job.id;
  fate.name = job.spec->name;
  fate.before = replica::state_of(before, job.id);
  fate.after = replica::state_of(after, job.id).value_or(replica::JobState::killed);
  fate.peers_before = then == nullptr ? 0 : replica::peers_of(*then);
  fate.peers_after = now == nullptr ? 0 : replica::peers_of(*now);
  fate.starts_over = then != nullptr && now != nullptr && then->has_peers() && now->has_peers() &&
                     then->version != now->version;
  for (std::size_t t = 0; t < job.spec->tasks.size(); ++t) {
    fate.tasks.push_back({job.spec->tasks[t].id, seats_on(then, t), seats_on(now, t)});
  }
  fate.why = scheduling::explain(after, job.id);
  return fate;
}

}  // namespace

Result<WhatIf> what_if(const Replica& now, const std::vector<coordination::Command>& commands) {
  WhatIf outcome{now, {}};
  for (std::size_t i = 0; i < commands.size(); ++i) {
    coordination::LogEntry entry;
    entry.position = outcome.after.version + 1;
    entry.command = commands[i];
    auto applied = coordination::apply(std::move(outcome.after), entry);
    if (const auto* rejected = applied.diff.rejected()) {
      return failure(
          ErrorCode::failed_precondition,
          fmt::format("step {}, {}: {}", i + 1, coordination::name_of(commands[i]), rejected->why),
          "NET-44");
    }
    outcome.after = std::move(applied.replica);
    outcome.diffs.push_back(std::move(applied.diff));
  }
  return outcome;
}

std::vector<JobFate> fates_of_jobs(const Replica& before, const Replica& after) {
  std::vector<JobFate> fates;
  for (const Job& job : before.jobs) fates.push_back(fate_of(before, after, job));
  for (const Job& job : after.jobs) {
    if (!before.jobs.contains(job.submitted_at)) fates.push_back(fate_of(before, after, job));
  }
  return fates;
}

std::vector<PeerFate> fates_of_peers(const Replica& before, const Replica& after) {
  std::vector<PeerFate> fates;
  const auto look_at = [&](const replica::Peer& peer) {
    PeerFate fate;
    fate.peer = peer.id;
    fate.group = peer.group;
    fate.comes = !before.peers.contains(peer.id);
    fate.leaves = !after.peers.contains(peer.id);
    fate.before = replica::place_of(before, peer.id);
    fate.after = replica::place_of(after, peer.id);
    if (fate.comes || fate.leaves || fate.before != fate.after) fates.push_back(std::move(fate));
  };
  auto then = before.peers.begin();
  auto now = after.peers.begin();
  while (then != before.peers.end() || now != after.peers.end()) {
    const bool is_old =
        now == after.peers.end() || (then != before.peers.end() && !((*now).id < (*then).id));
    if (is_old) {
      if (now != after.peers.end() && (*now).id == (*then).id) ++now;
      look_at(*then);
      ++then;
    } else {
      look_at(*now);
      ++now;
    }
  }
  return fates;
}

}  // namespace onyx::query
