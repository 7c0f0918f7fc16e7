#include "daemon/query/history.h"

#include <fmt/format.h>

#include <utility>

#include "daemon/coordination/transition.h"

namespace onyx::query {

namespace {

using coordination::LogEntry;
using replica::Replica;

Result<LogEntry> entry_at(Position at, const ReadEntry& read) {
  ONYX_ASSIGN_OR_RETURN(auto entry, read(at));
  if (entry.has_value()) return std::move(*entry);
  return failure(ErrorCode::aborted,
                 fmt::format("entry {} is gone: a gc ran meanwhile; try again", at));
}

Error before_origin(Position at, Position origin) {
  return Error(
      ErrorCode::not_found,
      fmt::format("the log begins at its origin, entry {}; what was at entry {} is gone: a gc has "
                  "made one replica of it",
                  origin, at),
      "NET-40");
}

}  // namespace

Result<Replica> replica_at(Replica from, Position at, const ReadEntry& read) {
  if (at < from.version) return tl::unexpected(before_origin(at, from.version));
  while (from.version < at) {
    ONYX_ASSIGN_OR_RETURN(const LogEntry entry, entry_at(from.version + 1, read));
    from = coordination::apply(std::move(from), entry).replica;
  }
  return from;
}

Result<Step> step_at(Replica from, Position at, const ReadEntry& read) {
  if (at <= from.version) return tl::unexpected(before_origin(at, from.version));
  Step step;
  ONYX_ASSIGN_OR_RETURN(step.before, replica_at(std::move(from), at - 1, read));
  ONYX_ASSIGN_OR_RETURN(step.entry, entry_at(at, read));
  auto applied = coordination::apply(step.before, step.entry);
  step.diff = std::move(applied.diff);
  step.after = std::move(applied.replica);
  return step;
}

}  // namespace onyx::query
