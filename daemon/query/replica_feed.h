// The replica as readers see it: the newest snapshot, who waits for a change of it, and the entries that led to it.
//
// Shape:   fed by the group's thread after every entry; never goes back, also when the group starts over and reads the log
//          again. The last kEntriesKept entries are kept in words.
// Thread:  any. Listeners are called on the feeding thread and must be quick.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/ids.h"
#include "daemon/runtime/peer_group.h"

namespace onyx::query {

inline constexpr std::size_t kEntriesKept = 20'000;

struct EntryInWords {
  Position position = -1;
  WallTimeMs created_at_ms = 0;
  std::string fn;
  std::string subject;
  std::string effect;
  std::string args_edn;
  bool is_rejected = false;
};

class ReplicaFeed {
 public:
  using Snapshot = std::shared_ptr<const replica::Replica>;

  ReplicaFeed();

  // The group's thread.
  void start_from(const replica::Replica& replica, Position origin);
  void applied(const runtime::AppliedEntry& entry);

  Snapshot replica() const;
  Position position() const { return replica()->version; }

  // Waits until `holds` says yes of a snapshot, which is returned; nullptr when the deadline passes or `is_abandoned` says so.
  Snapshot wait_for(const std::function<bool(const replica::Replica&)>& holds, Instant deadline,
                    const std::function<bool()>& is_abandoned) const;

  // Calls the listener after every entry until the returned object dies.
  std::shared_ptr<void> listen(std::function<void(const Snapshot&)> listener);

  // Entries from `from` on, at most `limit`, those that are kept.
  std::vector<EntryInWords> entries(Position from, std::size_t limit) const;
  Position oldest_kept() const;
  // When the job first had peers, as far as this daemon has seen it; 0 otherwise.
  WallTimeMs started_at_ms(const JobId& job) const;
  Position origin() const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Snapshot replica_;                     // guarded by mutex_
  Position origin_ = -1;                 // guarded by mutex_
  bool has_started_ = false;             // guarded by mutex_
  std::deque<EntryInWords> entries_;     // guarded by mutex_
  std::map<JobId, WallTimeMs> started_;  // guarded by mutex_; of jobs that are live or finished
  std::mutex
      listeners_mutex_;  // held while listeners are called, so that none is called after it has gone
  std::map<std::uint64_t, std::function<void(const Snapshot&)>>
      listeners_;                    // guarded by listeners_mutex_
  std::uint64_t next_listener_ = 0;  // guarded by listeners_mutex_
};

}  // namespace onyx::query
