// Seam: the totally ordered log of a tenancy, and its origin, the replica that stands for all
// entries up to a position.
//
// Shape:   positions are dense from 0; an entry never changes. Entries and replicas cross the seam
//          as text (EDN); what they mean is the business of daemon/coordination.
// Units:   created_at_ms as the store recorded it, wall time.
// Thread:  any. Every call blocks, and ends by its own deadline.
// Errors:  unavailable or deadline_exceeded: the outcome is unknown; the caller reads forward from
//          the last position it has seen and looks for (group, seq) inside the entries before it
//          appends again. aborted: lost a race.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/base/result.h"

namespace onyx::cluster {

struct StoredEntry {
  Position position = -1;
  std::string text;
  WallTimeMs created_at_ms = 0;
  bool operator==(const StoredEntry&) const = default;
};

// Readers start at position + 1 with this replica. {-1, ""} before the first gc.
struct Origin {
  Position position = -1;
  std::string replica_text;
  bool operator==(const Origin&) const = default;
};

// The next entry no longer exists: a gc has passed it. A client goes on from this origin; a group
// starts over.
struct BehindGc {
  Origin origin;
};

// The follower can go on no longer: the session is gone, or the log has a hole (which is never
// skipped).
struct FollowLost {
  Error error;
  bool has_hole = false;  // whoever begins again meets the same
};

// Entries come in order and without holes; the two others are the last event of a follower.
using LogEvent = std::variant<StoredEntry, BehindGc, FollowLost>;

// Destroying it stops it; no callback runs afterwards. Not to be destroyed inside its own callback.
class Follower {
 public:
  virtual ~Follower() = default;
};

class CoordinationLog {
 public:
  virtual ~CoordinationLog() = default;

  // Entries are at most kEntryBytesMax long.
  virtual Result<Position> append(std::string_view text) = 0;

  // Nothing when the entry is not yet written, or no longer there.
  virtual Result<std::optional<StoredEntry>> read(Position position) = 0;

  // The position of the newest entry ever appended, -1 before the first. One cheap call.
  virtual Result<Position> newest() = 0;

  virtual Result<Origin> origin() = 0;

  // Replaces the origin if its position is still `expected_current`, else `aborted`. `next` must
  // lie further on. A replica of many megabytes is fine: readers see the old one or the new one,
  // never a mixture.
  virtual Result<void> set_origin(const Origin& next, Position expected_current) = 0;

  // Deletes the entries at positions < `below`, oldest first. Only what the origin covers can go:
  // below <= origin.position + 1, else `failed_precondition`.
  virtual Result<void> truncate(Position below) = 0;

  // Delivers `from`, from + 1, … as they come to be, on the follower's own thread. `on_event` may
  // block: that is how a full inbox holds the reader back.
  virtual std::unique_ptr<Follower> follow(Position from,
                                           std::function<void(LogEvent)> on_event) = 0;
};

inline constexpr std::size_t kEntryBytesMax = 512 * 1024;

}  // namespace onyx::cluster
