#include "daemon/zookeeper/client/watcher.h"

namespace onyx::zookeeper {

using concurrency::MutexLock;

WatchId Watchers::add(std::function<void()> on_fire) {
  auto watcher = std::make_shared<concurrency::RevocableCallback<>>(std::move(on_fire));
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
  watcher->run();
}

}  // namespace onyx::zookeeper
