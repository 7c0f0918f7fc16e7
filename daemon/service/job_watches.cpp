#include "daemon/service/job_watches.h"

#include <set>

#include "daemon/concurrency/named_thread.h"

namespace onyx::service {

class JobWatches::Watch final : public Subscription {
 public:
  Watch(JobWatches& watches, std::uint64_t id) : watches_(watches), id_(id) {}
  ~Watch() override {
    std::lock_guard lock(watches_.mutex_);
    watches_.watchers_.erase(id_);
  }

 private:
  JobWatches& watches_;
  const std::uint64_t id_;
};

JobWatches::JobWatches(query::ReplicaFeed& feed, Glance glance, Look look)
    : glance_(std::move(glance)),
      look_(std::move(look)),
      listening_(feed.listen([this](const auto&) {
        std::lock_guard lock(signal_mutex_);
        has_changed_ = true;
        changed_.notify_one();
      })),
      thread_([this] {
        concurrency::name_this_thread("job-watches");
        work();
      }) {}

JobWatches::~JobWatches() {
  listening_.reset();
  {
    std::lock_guard lock(signal_mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

std::unique_ptr<Subscription> JobWatches::watch(const JobId& id,
                                                std::function<void(JobView)> on_view) {
  std::uint64_t number = 0;
  {
    std::lock_guard lock(mutex_);
    number = next_++;
    watchers_.emplace(number, Watcher{id, std::move(on_view), std::nullopt, false});
  }
  {
    std::lock_guard lock(signal_mutex_);
    has_changed_ = true;
    changed_.notify_one();
  }
  return std::make_unique<Watch>(*this, number);
}

void JobWatches::work() {
  bool has_running = false;
  for (;;) {
    bool counters_too = false;
    {
      std::unique_lock lock(signal_mutex_);
      const auto is_due = [this] { return has_changed_ || stopping_; };
      if (has_running) {
        counters_too = !changed_.wait_for(lock, kCountersEvery, is_due);
      } else {
        changed_.wait(lock, is_due);
      }
      if (stopping_) return;
      has_changed_ = false;
    }
    const std::vector<JobId> ids = due(counters_too);
    std::map<JobId, JobView> views;
    if (!ids.empty()) {
      for (JobView& view : look_(ids)) {
        const JobId id = view.ref.id;
        views.emplace(id, std::move(view));
      }
    }
    has_running = tell(views, counters_too);
  }
}

std::vector<JobId> JobWatches::due(bool counters_too) {
  std::set<JobId> ids;
  std::lock_guard lock(mutex_);
  for (const auto& [number, watcher] : watchers_) {
    if (watcher.is_over || ids.contains(watcher.id)) continue;
    const auto glimpse = glance_(watcher.id);
    if (glimpse.has_value() && (counters_too || watcher.last != glimpse)) ids.insert(watcher.id);
  }
  return {ids.begin(), ids.end()};
}

bool JobWatches::tell(const std::map<JobId, JobView>& views, bool counters_too) {
  bool goes_on = false;
  std::lock_guard lock(mutex_);
  for (auto& [number, watcher] : watchers_) {
    if (watcher.is_over) continue;
    if (const auto found = views.find(watcher.id); found != views.end()) {
      const JobView& view = found->second;
      const Glimpse glimpse{view.ref.state, view.version};
      if (counters_too || watcher.last != glimpse) watcher.on_view(view);
      watcher.last = glimpse;
      watcher.is_over = is_ended(view.ref.state);
    }
    goes_on = goes_on || !watcher.is_over;
  }
  return goes_on;
}

}  // namespace onyx::service
