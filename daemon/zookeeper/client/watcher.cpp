#include "daemon/zookeeper/client/watcher.h"

namespace onyx::zookeeper {

using concurrency::MutexLock;

WatchId Watchers::add(std::function<void(WatchEvent)> on_event) {
  auto watcher = std::make_shared<concurrency::RevocableCallback<WatchEvent>>(std::move(on_event));
  MutexLock lock(mutex_);
  watchers_.emplace(++last_, std::move(watcher));
  return last_;
}

void Watchers::drop(WatchId id) {
  Watcher watcher;
  {
    MutexLock lock(mutex_);
    const auto it = watchers_.find(id);
    if (it == watchers_.end()) return;
    watcher = std::move(it->second);
    watchers_.erase(it);
  }
  watcher->revoke();
}

void Watchers::fire(WatchId id) {
  Watcher watcher;
  {
    MutexLock lock(mutex_);
    const auto it = watchers_.find(id);
    if (it == watchers_.end()) return;
    watcher = it->second;
  }
  watcher->run(WatchEvent::changed);
}

bool Watchers::has(WatchId id) {
  MutexLock lock(mutex_);
  return watchers_.contains(id);
}

void Watchers::end() {
  std::map<WatchId, Watcher> watchers;
  {
    MutexLock lock(mutex_);
    watchers = watchers_;
  }
  for (const auto& [id, watcher] : watchers) watcher->run(WatchEvent::session_ended);
}

}  // namespace onyx::zookeeper
