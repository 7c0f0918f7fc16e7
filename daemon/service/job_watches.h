// Those who watch jobs, and the thread that tells them.
//
// Shape:   a watcher gets a view soon after it comes, at every change of the job's state or version, and for counters every
//          kCountersEvery while the job runs; nothing after the view of a job that has ended.
// Thread:  one of its own. A Subscription's destructor returns after the last call to its callback.
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

#include "daemon/query/replica_feed.h"
#include "daemon/service/backend.h"

namespace onyx::service {

inline constexpr std::chrono::milliseconds kCountersEvery{200};

class JobWatches {
 public:
  using Look = std::function<std::optional<JobView>(const JobId&)>;

  JobWatches(query::ReplicaFeed& feed, Look look);
  ~JobWatches();

  std::unique_ptr<Subscription> watch(const JobId& id, std::function<void(JobView)> on_view);

 private:
  struct Watcher {
    JobId id;
    std::function<void(JobView)> on_view;
    std::optional<JobView> last;
    bool is_over = false;
  };
  class Watch;

  void work();
  bool tell(Watcher& watcher, bool counters_too);  // false: nothing will follow

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
