// What all sessions of one MemoryCluster share: tenancies with their log, jobs, pulses and
// coordinates.
//
// Thread:  every field is guarded by `mutex`; `changed` is notified after every write that a
//          follower may wait for.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "daemon/cluster/cluster.h"
#include "daemon/cluster/coordinate_store.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/fence.h"
#include "daemon/cluster/job_store.h"
#include "daemon/concurrency/mutex.h"
#include "daemon/concurrency/revocable_callback.h"

namespace onyx::cluster {

struct MemorySession final : public Fence {
  explicit MemorySession(OnSession on_session_changed)
      : on_session(std::move(on_session_changed)) {}
  bool is_open() const override { return !expired && !fenced; }

  std::atomic<bool> expired = false;
  std::atomic<bool> fenced = false;
  concurrency::RevocableCallback<SessionState> on_session;
};

struct MemoryPulse {
  const MemorySession* owner = nullptr;
  std::vector<std::shared_ptr<concurrency::RevocableCallback<>>> watches;
};

struct MemoryTenancy {
  Position first = 0;  // position of entries.front()
  std::deque<StoredEntry> entries;
  Origin origin;
  std::map<JobId, std::string> hashes;
  std::map<std::pair<JobId, std::string>, std::string> chunks;
  std::map<JobId, std::string> exceptions;
  std::optional<std::string> parameters;
  std::map<JobId, StoredCoordinate> coordinates;
  std::map<GroupId, MemoryPulse> pulses;

  Position newest() const { return first + static_cast<Position>(entries.size()) - 1; }
};

class MemoryStore {
 public:
  explicit MemoryStore(const Clock* clock_or_null) : clock(clock_or_null) {}

  WallTimeMs now() const;

  // Appends to the tenancy's log. The mutex is held.
  Position append(MemoryTenancy& tenancy, std::string_view text) ONYX_REQUIRES(mutex);

  // Removes the pulses of a session and runs their watches. The mutex is not held.
  void drop_pulses(const MemorySession& session);

  const Clock* const clock;
  concurrency::Mutex mutex;
  concurrency::Condition changed;
  std::map<std::string, MemoryTenancy> tenancies ONYX_GUARDED_BY(mutex);
  std::map<std::string, std::vector<NamedJob>> names ONYX_GUARDED_BY(mutex);
  std::vector<std::weak_ptr<MemorySession>> sessions ONYX_GUARDED_BY(mutex);
};

}  // namespace onyx::cluster
