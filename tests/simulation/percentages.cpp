#include "tests/simulation/percentages.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "daemon/replica/queries.h"

namespace onyx::simulation {

using replica::Job;
using replica::kWholePpm;

namespace {

bool is_plain(const Job& job) {
  return job.spec->task_scheduler != replica::TaskScheduler::colocated &&
         std::all_of(job.spec->tasks.begin(), job.spec->tasks.end(), [](const auto& task) {
           return task.required_tags.empty() && task.plugin.empty() &&
                  task.flux == replica::FluxPolicy::none;
         });
}

// Most peers that the job can use, or nothing when there is no limit.
std::optional<std::int64_t> limit_of(const Job& job) {
  std::int64_t limit = 0;
  for (const auto& task : job.spec->tasks) {
    if (!task.max_peers) return std::nullopt;
    limit += *task.max_peers;
  }
  return limit;
}

// Those that the whole has room for: highest percentage first, the earlier one on a tie.
std::set<JobId> with_room(const replica::Replica& replica, std::int64_t peers) {
  std::vector<const Job*> order;
  for (const Job& job : replica.jobs) {
    const bool can_run = std::all_of(job.spec->tasks.begin(), job.spec->tasks.end(),
                                     [&](const auto& task) { return task.min_peers <= peers; });
    if (can_run) order.push_back(&job);
  }
  std::stable_sort(order.begin(), order.end(), [](const Job* a, const Job* b) {
    return a->spec->percentage_ppm > b->spec->percentage_ppm;
  });
  std::set<JobId> found;
  std::int64_t room = kWholePpm;
  for (const Job* job : order) {
    if (job->spec->percentage_ppm > room) continue;
    room -= job->spec->percentage_ppm;
    found.insert(job->id);
  }
  return found;
}

std::optional<std::string> wrong_shares(const replica::Replica& replica) {
  const std::int64_t peers = replica::schedulable_peers(replica);
  const std::set<JobId> expected = with_room(replica, peers);
  const bool any_idle = replica::idle_peers(replica) > 0;
  for (const Job& job : replica.jobs) {
    if (!job.has_peers()) continue;
    if (!expected.contains(job.id)) return fmt::format("{} runs beyond 100 %", job.id.text());
    const std::int64_t has = replica::peers_of(job);
    const auto limit = limit_of(job);
    const std::int64_t share = peers * job.spec->percentage_ppm / kWholePpm;
    if (has < std::min(share, limit.value_or(share))) {
      return fmt::format("{} has {} of {} peers, {} ppm", job.id.text(), has, peers,
                         job.spec->percentage_ppm);
    }
    if (any_idle && (!limit || has < *limit)) {
      return fmt::format("{} has {}, and {} are idle", job.id.text(), has,
                         replica::idle_peers(replica));
    }
  }
  return std::nullopt;
}

// Tasks that are at no bound share by their percentages what those that are leave, within a peer for rounding and one
// for those whose share was just their bound.
std::optional<std::string> wrong_split(const Job& job) {
  std::int64_t together = 0;
  std::int64_t percentages = 0;
  std::vector<std::size_t> open;
  for (std::size_t t = 0; t < job.seats.size(); ++t) {
    const auto& task = job.spec->tasks[t];
    const auto has = static_cast<std::int64_t>(job.seats[t].size());
    if (has == task.min_peers || has == task.max_peers) continue;
    open.push_back(t);
    together += has;
    percentages += task.percentage_ppm;
  }
  for (const std::size_t t : open) {
    const auto has = static_cast<std::int64_t>(job.seats[t].size());
    const std::int64_t off =
        std::abs(has * percentages - together * job.spec->tasks[t].percentage_ppm);
    if (off >= 2 * percentages) {
      return fmt::format("{} {} has {} of {} by {} of {} ppm", job.id.text(),
                         job.spec->tasks[t].id.text(), has, together,
                         job.spec->tasks[t].percentage_ppm, percentages);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> wrong_percentage(const replica::Replica& replica) {
  bool all_plain = true;
  for (const Job& job : replica.jobs) {
    const bool plain = is_plain(job);
    all_plain = all_plain && plain;
    if (!plain || !job.has_peers()) continue;
    if (job.spec->task_scheduler != replica::TaskScheduler::percentage) continue;
    if (auto wrong = wrong_split(job)) return wrong;
  }
  if (!all_plain || replica.parameters->job_scheduler != replica::JobScheduler::percentage) {
    return std::nullopt;
  }
  return wrong_shares(replica);
}

}  // namespace onyx::simulation
