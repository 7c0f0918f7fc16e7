// Finished jobs become tombstones, old tombstones and departed groups are forgotten; the writer moves the log's origin.
#include <algorithm>

#include "daemon/coordination/commands/commands.h"
#include "daemon/replica/index.h"

namespace onyx::coordination {

namespace {

// Longer than any session lasts: by then nobody who left writes any more, or looks for what it wrote.
constexpr std::int64_t kGraceMs = 60'000;

void forget_departed(replica::Replica& replica) {
  replica::Membership& ring = replica.membership.edit();
  std::erase_if(ring.left, [&](const auto& left) { return left.second <= replica.collected_at; });
  std::erase_if(ring.aborted,
                [&](const auto& aborted) { return !replica.groups.contains(aborted.first); });
  std::vector<GroupId> silent;
  for (const replica::Writer& writer : replica.writers) {
    if (!replica.groups.contains(writer.id) && writer.position <= replica.collected_at) {
      silent.push_back(writer.id);
    }
  }
  for (const GroupId& writer : silent) replica.writers.erase(writer);
}

// Over the limit, those that ended first go first.
std::vector<JobId> forget_tombstones(replica::Replica& replica) {
  const auto limit =
      static_cast<std::size_t>(std::max<std::int64_t>(0, replica.parameters->tombstones_max));
  std::vector<JobId> forgotten;
  if (replica.finished.size() <= limit) return forgotten;
  std::vector<std::pair<Position, JobId>> by_end;
  for (const replica::FinishedJob& job : replica.finished)
    by_end.emplace_back(job.ended_at, job.id);
  std::sort(by_end.begin(), by_end.end());
  by_end.resize(by_end.size() - limit);
  for (const auto& [ended_at, id] : by_end) {
    replica.finished.erase(id);
    forgotten.push_back(id);
  }
  return forgotten;
}

}  // namespace

Change apply(const Gc& command, Applying& a) {
  Collected collected{.id = command.id};
  for (const replica::FinishedJob& job : a.replica.finished) {
    if (!job.collected()) collected.jobs.push_back(job.id);
  }
  for (const JobId& job : collected.jobs) a.replica.finished.edit(job)->spec = nullptr;
  collected.forgotten = forget_tombstones(a.replica);
  if (a.entry.created_at_ms - a.replica.collected_at_ms >= kGraceMs) {
    forget_departed(a.replica);
    a.replica.collected_at = a.entry.position;
    a.replica.collected_at_ms = a.entry.created_at_ms;
  }
  replica::reindex(a.replica);
  return collected;
}

void respond(const Gc& command, const Responding& r) {
  const bool is_mine = !r.entry.writer.empty() && r.entry.writer == r.self.group;
  if (is_mine && std::holds_alternative<Collected>(r.diff.change)) {
    r.perform(TruncateLog{r.entry.position, command.id});
  }
}

}  // namespace onyx::coordination
