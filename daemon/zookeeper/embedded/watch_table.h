// Which sessions want to hear once of the next change at a path.
//
// Thread:  a value of its owner.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/zookeeper/embedded/protocol.h"

namespace onyx::zookeeper::embedded {

class WatchTable {
 public:
  void add(const std::string& path, SessionId session);

  // The watchers of a path, by session; they watch no more.
  std::vector<SessionId> take(const std::string& path);

  // False when the session was not watching the path.
  bool remove(const std::string& path, SessionId session);
  void drop(SessionId session);

  std::size_t size() const;

 private:
  std::unordered_map<std::string, std::set<SessionId>> by_path_;
  std::map<SessionId, std::set<std::string>> by_session_;  // the same pairs, turned round
};

}  // namespace onyx::zookeeper::embedded
