#include "daemon/coordination/transition.h"

#include <fmt/format.h>

#include "daemon/coordination/commands/commands.h"
#include "daemon/coordination/task_switch.h"
#include "daemon/replica/queries.h"
#include "daemon/scheduling/reallocate.h"

namespace onyx::coordination {

using replica::Replica;
using scheduling::Delta;

namespace {

// The second copy of an entry: at a position already applied, or by a writer that is past it.
std::optional<Rejected> refuse_repeated(const Replica& replica, const LogEntry& entry) {
  if (entry.position <= replica.version) {
    return Rejected{Refusal::duplicate, fmt::format("position {} has been applied, up to {}",
                                                    entry.position, replica.version)};
  }
  if (entry.writer.empty()) return std::nullopt;
  const replica::Writer* writer = replica.writers.find(entry.writer);
  if (writer == nullptr || entry.seq > writer->seq) return std::nullopt;
  return Rejected{Refusal::duplicate, fmt::format("entry {} of group {} has been applied, up to {}",
                                                  entry.seq, entry.writer.text(), writer->seq)};
}

void note_writer(Replica& replica, const LogEntry& entry) {
  if (entry.writer.empty()) return;
  if (replica::Writer* writer = replica.writers.edit(entry.writer)) {
    writer->seq = entry.seq;
    writer->position = entry.position;
  } else {
    replica.writers.put({entry.writer, entry.seq, entry.position});
  }
}

// What became of everything that was touched.
void complete(Diff& diff, Delta& delta) {
  diff.moves.reserve(delta.peers.size());
  diff.jobs.reserve(delta.jobs.size());
  for (const auto& [id, before] : delta.peers) {
    if (before.seat == before.after) continue;
    diff.moves.push_back({id, before.group, before.now == nullptr, before.seat, before.after});
  }
  for (auto& [at, before] : delta.jobs) {
    JobChange change{.job = before.id,
                     .submitted_at = at,
                     .spec = std::move(before.spec),
                     .before = before.version,
                     .had_peers = before.had_peers,
                     .coordinator_before = before.coordinator,
                     .ended = before.ended};
    if (before.now != nullptr) {
      change.after = before.now->version;
      change.has_peers = before.now->has_peers();
      change.coordinator_after = before.now->coordinator;
    }
    if (change.before == change.after && !change.ended) continue;
    diff.jobs.push_back(std::move(change));
  }
}

}  // namespace

Applied apply(Replica replica, const LogEntry& entry) {
  Applied applied{std::move(replica), {}};
  Replica& now = applied.replica;
  if (auto repeated = refuse_repeated(now, entry)) {
    applied.diff.change = std::move(*repeated);
    now.version = std::max(now.version, entry.position);
    return applied;
  }
  now.version = entry.position;
  note_writer(now, entry);
  Delta delta;
  Applying applying{now, delta, entry};
  applied.diff.change =
      std::visit([&](const auto& command) { return apply(command, applying); }, entry.command);
  if (applied.diff.rejected() != nullptr) return applied;
  if (applying.reschedule) {
    scheduling::reallocate(now, delta, entry.position);
  } else {
    scheduling::settle(now, delta, entry.position);
  }
  complete(applied.diff, delta);
  return applied;
}

Response respond(const LogEntry& entry, const Replica& now, const Diff& diff, const Self& self) {
  Response response;
  const Rejected* rejected = diff.rejected();
  if (rejected != nullptr && rejected->refusal == Refusal::duplicate) return response;
  switch_tasks(now, diff, self, response.effects);
  const Responding responding{entry, now, diff, self, response};
  std::visit([&](const auto& command) { respond(command, responding); }, entry.command);
  auto watched = replica::watched_by(now, self.group);
  if (watched != self.watching) response.effects.push_back(WatchPulses{std::move(watched)});
  return response;
}

std::string_view name_of(const Command& command) {
  static constexpr std::string_view kNames[] = {"prepare-join-cluster",
                                                "notify-join-cluster",
                                                "accept-join-cluster",
                                                "abort-join-cluster",
                                                "group-leave-cluster",
                                                "drain-group",
                                                "undrain-group",
                                                "add-virtual-peers",
                                                "leave-cluster",
                                                "submit-job",
                                                "kill-job",
                                                "complete-job",
                                                "restart-job",
                                                "gc",
                                                "set-replica!",
                                                "senseless"};
  static_assert(std::size(kNames) == std::variant_size_v<Command>);
  return kNames[command.index()];
}

}  // namespace onyx::coordination
