#include <fmt/format.h>

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/coordination/outcome_edn.h"
#include "daemon/query/history.h"
#include "daemon/query/replica_diff.h"
#include "daemon/replica/replica_edn.h"
#include "daemon/service/daemon_backend.h"

namespace onyx::service {

namespace {

using coordination::LogEntry;
using query::ReadEntry;
using replica::Replica;

// A gc may move the origin while entries are read; then it starts from the new one.
constexpr int kAttempts = 3;

std::vector<ReplicaChangeView> views_of(const std::vector<query::ReplicaChange>& changes) {
  std::vector<ReplicaChangeView> views;
  for (const query::ReplicaChange& change : changes) {
    ReplicaChangeView view;
    view.path_edn = edn::print(edn::Value::vector(change.path));
    if (change.before) view.before_edn = edn::print(*change.before);
    if (change.after) view.after_edn = edn::print(*change.after);
    views.push_back(std::move(view));
  }
  return views;
}

edn::Value chosen_from(const edn::Value& whole, const std::vector<std::string>& keys) {
  if (keys.empty()) return whole;
  edn::Value chosen = edn::Value::map();
  for (const std::string& key : keys) {
    if (const edn::Value* found = whole.find(std::string_view(key))) {
      chosen = std::move(chosen).assoc(edn::Value::keyword(key), *found);
    }
  }
  return chosen;
}

Result<Replica> read_origin(const cluster::Origin& origin, const replica::Parameters& parameters) {
  if (origin.replica_text.empty()) return replica::base_replica(parameters);
  const auto value = edn::read(origin.replica_text);
  if (!value.has_value()) {
    return failure(ErrorCode::internal,
                   "the origin of the log cannot be read: " + value.error().message);
  }
  return replica::replica_from_edn(*value);
}

ReadEntry reader_of(const std::shared_ptr<cluster::Cluster>& cluster, const Call& call) {
  return [cluster, &call](Position position) -> Result<std::optional<LogEntry>> {
    if (call.is_abandoned() || runtime::Workers::now() >= call.deadline) {
      return failure(ErrorCode::deadline_exceeded,
                     fmt::format("the log was read up to entry {} when the time was over: a gc "
                                 "shortens it",
                                 position - 1),
                     "NET-11");
    }
    ONYX_ASSIGN_OR_RETURN(const auto stored, cluster->log().read(position));
    if (!stored.has_value()) return std::optional<LogEntry>();
    return coordination::decode(stored->text, stored->position, stored->created_at_ms);
  };
}

}  // namespace

Answer<void> DaemonBackend::check_applied(Position at) const {
  const Position newest = feed_.position();
  if (at >= 0 && at <= newest) return {};
  return failure(at < 0 ? ErrorCode::invalid_argument : ErrorCode::not_found,
                 at < 0 ? fmt::format("found entry {}, wanted 0 or more", at)
                 : newest < 0
                     ? fmt::format("there is no entry {} yet: the log is empty", at)
                     : fmt::format("there is no entry {} yet: the newest is {}", at, newest),
                 "NET-41");
}

// Calls `ask` with the replica of the log's origin and a reader of the entries after it.
template <class T>
Answer<T> DaemonBackend::from_origin(
    const Call& call, const std::function<Result<T>(Replica, const ReadEntry&)>& ask) const {
  ONYX_ASSIGN_OR_RETURN(const auto self, handle());
  for (int attempt = 1;; ++attempt) {
    ONYX_ASSIGN_OR_RETURN(const auto stored, self.cluster->log().origin());
    ONYX_ASSIGN_OR_RETURN(Replica origin, read_origin(stored, *feed_.replica()->parameters));
    auto answer = ask(std::move(origin), reader_of(self.cluster, call));
    if (answer.has_value()) return std::move(*answer);
    if (answer.error().code() != ErrorCode::aborted || attempt == kAttempts) {
      return tl::unexpected(Refusal(std::move(answer).error()));
    }
  }
}

Answer<ReplicaView> DaemonBackend::replica(const std::vector<std::string>& keys,
                                           std::optional<Position> at, const Call& call) {
  Snapshot snapshot = feed_.replica();
  if (at.has_value() && *at != snapshot->version) {
    ONYX_TRY(check_applied(*at));
    ONYX_ASSIGN_OR_RETURN(Replica old,
                          from_origin<Replica>(call, [&](Replica origin, const ReadEntry& read) {
                            return query::replica_at(std::move(origin), *at, read);
                          }));
    snapshot = std::make_shared<const Replica>(std::move(old));
  }
  ReplicaView view;
  view.edn = edn::print(chosen_from(replica::to_edn(*snapshot), keys));
  view.as_of_position = snapshot->version;
  return view;
}

Answer<ReplicaDiffView> DaemonBackend::diff_replica(Position from, std::optional<Position> to,
                                                    const Call& call) {
  const Snapshot newest = feed_.replica();
  const Position end = to.value_or(newest->version);
  ONYX_TRY(check_applied(from));
  ONYX_TRY(check_applied(end));
  using Pair = std::pair<Replica, Replica>;
  ONYX_ASSIGN_OR_RETURN(
      const Pair both,
      from_origin<Pair>(call, [&](Replica origin, const ReadEntry& read) -> Result<Pair> {
        ONYX_ASSIGN_OR_RETURN(Replica first,
                              query::replica_at(std::move(origin), std::min(from, end), read));
        ONYX_ASSIGN_OR_RETURN(Replica second, query::replica_at(first, std::max(from, end), read));
        return Pair(std::move(first), std::move(second));
      }));
  ReplicaDiffView view;
  view.from = from;
  view.to = end;
  view.changes = views_of(from <= end ? query::changes_between(both.first, both.second)
                                      : query::changes_between(both.second, both.first));
  return view;
}

Answer<EntryView> DaemonBackend::show_entry(Position at, const Call& call) {
  ONYX_TRY(check_applied(at));
  ONYX_ASSIGN_OR_RETURN(const LogView read, read_log(at, 1));
  if (read.entries.empty() || read.entries.front().position != at) {
    return failure(ErrorCode::not_found,
                   fmt::format("the log begins at its origin, entry {}; entry {} is gone: a gc has "
                               "made one replica of what was before",
                               read.origin, at),
                   "NET-40");
  }
  EntryView view;
  view.entry = read.entries.front();
  LogEntry entry;
  if (at == feed_.origin()) {
    ONYX_ASSIGN_OR_RETURN(const auto self, handle());
    const ReadEntry read_entry = reader_of(self.cluster, call);
    ONYX_ASSIGN_OR_RETURN(const auto found, read_entry(at));
    if (found.has_value()) entry = *found;
    view.is_origin = true;
  } else {
    ONYX_ASSIGN_OR_RETURN(
        const query::Step step,
        from_origin<query::Step>(call, [&](Replica origin, const ReadEntry& read_entry) {
          return query::step_at(std::move(origin), at, read_entry);
        }));
    entry = step.entry;
    view.diff_edn = edn::print(coordination::to_edn(step.diff));
    view.changes = views_of(query::changes_between(step.before, step.after));
  }
  view.by = entry.peer_parent;
  view.writer = entry.writer;
  view.seq = entry.seq;
  if (entry.entry_parent.has_value()) {
    LogEntryView cause;
    cause.position = *entry.entry_parent;
    const auto found = read_log(cause.position, 1);
    if (found.has_value() && !found->entries.empty() &&
        found->entries.front().position == cause.position) {
      cause = found->entries.front();
    }
    view.cause = std::move(cause);
  }
  return view;
}

}  // namespace onyx::service
