// Those who watch jobs, and the thread that tells them.
//
// Shape:   a watcher gets a view soon after it comes, at every change of the job's state or version, and for counters every
//          kCountersEvery while the job runs; nothing after the view of a job that has ended. Views are made for many jobs at
//          once, as other daemons may have to be asked for their part.
// Thread:  one of its own, which alone calls Glance and Look. A Subscription's destructor returns after the last call to its callback.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "daemon/query/replica_feed.h"
#include "daemon/service/backend.h"

namespace onyx::service {

inline constexpr std::chrono::milliseconds kCountersEvery{200};

class JobWatches {
 public:
  struct Glimpse {
    JobState state = JobState::submitted;
    ReplicaVersion version = -1;
    bool operator==(const Glimpse&) const = default;
  };
  using Glance = std::function<std::optional<Glimpse>(const JobId&)>;  // at once; none: unknown
  using Look = std::function<std::vector<JobView>(const std::vector<JobId>&)>;  // of those known

  JobWatches(query::ReplicaFeed& feed, Glance glance, Look look);
  ~JobWatches();

  std::unique_ptr<Subscription> watch(const JobId& id, std::function<void(JobView)> on_view);

 private:
  struct Watcher {
    JobId id;
    std::function<void(JobView)> on_view;
    std::optional<Glimpse> last;  // that it was told
    bool is_over = false;
  };
  class Watch;

  void work();
  std::vector<JobId> due(bool counters_too);  // jobs that somebody has to be told of
  // True: some watchers go on.
  bool tell(const std::map<JobId, JobView>& views, bool counters_too);

  const Glance glance_;
  const Look look_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Watcher>
      watchers_;             // guarded by mutex_, which is held while they are told
  std::uint64_t next_ = 0;   // guarded by mutex_
  std::mutex signal_mutex_;  // guards the two below; never held with mutex_ by the feed's thread
  bool has_changed_ = false;
  bool stopping_ = false;
  std::shared_ptr<void> listening_;
  std::thread thread_;
};

}  // namespace onyx::service
