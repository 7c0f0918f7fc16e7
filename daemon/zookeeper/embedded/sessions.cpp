#include "daemon/zookeeper/embedded/sessions.h"

#include <algorithm>

namespace onyx::zookeeper::embedded {

std::chrono::milliseconds Sessions::open(SessionId id, std::string password,
                                         std::chrono::milliseconds wanted, Instant now) {
  Session& session = sessions_[id];
  session = {std::move(password), granted(wanted), now};
  deadlines_.emplace(now, id);
  move_deadline(id, session, now);
  return session.timeout;
}

std::optional<std::chrono::milliseconds> Sessions::resume(SessionId id, const std::string& password,
                                                          std::chrono::milliseconds wanted,
                                                          Instant now) {
  const auto it = sessions_.find(id);
  if (it == sessions_.end() || it->second.password != password) return std::nullopt;
  it->second.timeout = granted(wanted);
  move_deadline(id, it->second, now);
  return it->second.timeout;
}

bool Sessions::touch(SessionId id, Instant now) {
  const auto it = sessions_.find(id);
  if (it == sessions_.end()) return false;
  move_deadline(id, it->second, now);
  return true;
}

bool Sessions::close(SessionId id) {
  const auto it = sessions_.find(id);
  if (it == sessions_.end()) return false;
  deadlines_.erase({it->second.deadline, id});
  sessions_.erase(it);
  return true;
}

std::vector<SessionId> Sessions::expire(Instant now) {
  std::vector<SessionId> expired;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    expired.push_back(deadlines_.begin()->second);
    sessions_.erase(expired.back());
    deadlines_.erase(deadlines_.begin());
  }
  return expired;
}

std::optional<Instant> Sessions::next_deadline() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.begin()->first;
}

std::vector<SessionId> Sessions::all() const {
  std::vector<SessionId> ids;
  for (const auto& [id, session] : sessions_) ids.push_back(id);
  return ids;
}

std::chrono::milliseconds Sessions::granted(std::chrono::milliseconds wanted) const {
  return std::clamp(wanted, timeout_min_, timeout_max_);
}

void Sessions::move_deadline(SessionId id, Session& session, Instant now) {
  deadlines_.erase({session.deadline, id});
  session.deadline = now + session.timeout;
  deadlines_.emplace(session.deadline, id);
}

}  // namespace onyx::zookeeper::embedded
