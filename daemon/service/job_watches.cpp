#include "daemon/service/job_watches.h"

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

JobWatches::JobWatches(query::ReplicaFeed& feed, Look look)
    : look_(std::move(look)),
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
    std::lock_guard lock(mutex_);
    has_running = false;
    for (auto& [number, watcher] : watchers_) {
      if (!watcher.is_over) watcher.is_over = !tell(watcher, counters_too);
      has_running = has_running || !watcher.is_over;
    }
  }
}

bool JobWatches::tell(Watcher& watcher, bool counters_too) {
  auto view = look_(watcher.id);
  if (!view.has_value()) return true;
  const bool is_news = !watcher.last.has_value() || watcher.last->ref.state != view->ref.state ||
                       watcher.last->version != view->version;
  if (!is_news && !counters_too) return true;
  watcher.on_view(*view);
  const bool goes_on = !is_ended(view->ref.state);
  watcher.last = std::move(view);
  return goes_on;
}

}  // namespace onyx::service
