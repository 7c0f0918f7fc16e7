// The replica after any entry that the log still has: a fold from the log's origin.
//
// Shape:   the caller gives the origin's replica and a way to read entries; positions go up by one.
// Cost:    one read and one apply for every entry between the origin and the position asked for.
// Errors:  not_found (NET-40) that names the origin for a position before it; aborted for an entry that is not there,
//          which a gc has taken meanwhile; whatever `read` refuses with.
// Thread:  pure but for `read`.
#pragma once

#include <functional>
#include <optional>

#include "common/base/ids.h"
#include "common/base/result.h"
#include "daemon/coordination/diff.h"
#include "daemon/coordination/entry.h"
#include "daemon/replica/replica.h"

namespace onyx::query {

using ReadEntry = std::function<Result<std::optional<coordination::LogEntry>>(Position)>;

// `from` is the origin's replica, or one that was folded to before.
Result<replica::Replica> replica_at(replica::Replica from, Position at, const ReadEntry& read);

struct Step {
  replica::Replica before;
  coordination::LogEntry entry;
  coordination::Diff diff;
  replica::Replica after;
};
// The entry `at` with the replicas around it; it has to be after the origin.
Result<Step> step_at(replica::Replica from, Position at, const ReadEntry& read);

}  // namespace onyx::query
