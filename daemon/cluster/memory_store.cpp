#include "daemon/cluster/memory_store.h"

#include <chrono>

namespace onyx::cluster {

WallTimeMs MemoryStore::now() const {
  if (clock != nullptr) return clock->wall_ms();
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

Position MemoryStore::append(MemoryTenancy& tenancy, std::string_view text) {
  const Position position = tenancy.newest() + 1;
  tenancy.entries.push_back({position, std::string(text), now()});
  changed.notify_all();
  return position;
}

void MemoryStore::drop_pulses(const MemorySession& session) {
  std::vector<std::shared_ptr<concurrency::RevocableCallback<>>> gone;
  {
    concurrency::MutexLock lock(mutex);
    for (auto& [name, tenancy] : tenancies) {
      for (auto it = tenancy.pulses.begin(); it != tenancy.pulses.end();) {
        if (it->second.owner != &session) {
          ++it;
          continue;
        }
        gone.insert(gone.end(), it->second.watches.begin(), it->second.watches.end());
        it = tenancy.pulses.erase(it);
      }
    }
    changed.notify_all();
  }
  for (const auto& watch : gone) watch->run_once();
}

}  // namespace onyx::cluster
