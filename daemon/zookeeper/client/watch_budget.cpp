#include "daemon/zookeeper/client/watch_budget.h"

namespace onyx::zookeeper {

bool WatchBudget::admit(std::string_view path) {
  if (paths_.contains(path)) return true;
  if (paths_.size() >= kWatchesMax || bytes_ + path.size() > kWatchBytesMax) return false;
  paths_.emplace(path);
  bytes_ += path.size();
  return true;
}

void WatchBudget::fired(std::string_view path) {
  const auto found = paths_.find(path);
  if (found == paths_.end()) return;
  bytes_ -= path.size();
  paths_.erase(found);
}

}  // namespace onyx::zookeeper
