#include "daemon/zookeeper/embedded/watch_table.h"

namespace onyx::zookeeper::embedded {

void WatchTable::add(const std::string& path, SessionId session) {
  by_path_[path].insert(session);
  by_session_[session].insert(path);
}

std::vector<SessionId> WatchTable::take(const std::string& path) {
  const auto it = by_path_.find(path);
  if (it == by_path_.end()) return {};
  std::vector<SessionId> sessions(it->second.begin(), it->second.end());
  by_path_.erase(it);
  for (const SessionId session : sessions) {
    const auto watched = by_session_.find(session);
    watched->second.erase(path);
    if (watched->second.empty()) by_session_.erase(watched);
  }
  return sessions;
}

bool WatchTable::remove(const std::string& path, SessionId session) {
  const auto it = by_path_.find(path);
  if (it == by_path_.end() || it->second.erase(session) == 0) return false;
  if (it->second.empty()) by_path_.erase(it);
  const auto watched = by_session_.find(session);
  watched->second.erase(path);
  if (watched->second.empty()) by_session_.erase(watched);
  return true;
}

void WatchTable::drop(SessionId session) {
  const auto watched = by_session_.find(session);
  if (watched == by_session_.end()) return;
  for (const std::string& path : watched->second) {
    const auto it = by_path_.find(path);
    it->second.erase(session);
    if (it->second.empty()) by_path_.erase(it);
  }
  by_session_.erase(watched);
}

std::size_t WatchTable::size() const {
  std::size_t pairs = 0;
  for (const auto& [session, paths] : by_session_) pairs += paths.size();
  return pairs;
}

}  // namespace onyx::zookeeper::embedded
