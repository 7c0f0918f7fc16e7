// The sessions of a server: who has been heard from, and who for too long has not.
//
// Shape:   id → password, timeout, deadline. A session lives until it is closed or its deadline has
//          passed.
// Units:   Instants of the server's monotonic clock.
// Thread:  a value of its owner; ids and passwords come from outside.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "daemon/zookeeper/embedded/protocol.h"

namespace onyx::zookeeper::embedded {

class Sessions {
 public:
  Sessions(std::chrono::milliseconds timeout_min, std::chrono::milliseconds timeout_max)
      : timeout_min_(timeout_min), timeout_max_(timeout_max) {}

  // Returns the timeout granted: the wanted one, within the limits.
  std::chrono::milliseconds open(SessionId id, std::string password,
                                 std::chrono::milliseconds wanted, Instant now);

  // A client comes back. Nothing when there is no such session or the password is wrong.
  std::optional<std::chrono::milliseconds> resume(SessionId id, const std::string& password,
                                                  std::chrono::milliseconds wanted, Instant now);

  // False when there is no such session.
  bool touch(SessionId id, Instant now);
  bool close(SessionId id);

  // The sessions whose deadline is at or before `now`, by deadline. They are closed.
  std::vector<SessionId> expire(Instant now);
  std::optional<Instant> next_deadline() const;

  bool contains(SessionId id) const { return sessions_.contains(id); }
  std::vector<SessionId> all() const;
  std::size_t size() const { return sessions_.size(); }

 private:
  struct Session {
    std::string password;
    std::chrono::milliseconds timeout;
    Instant deadline;
  };

  std::chrono::milliseconds granted(std::chrono::milliseconds wanted) const;
  void move_deadline(SessionId id, Session& session, Instant now);

  std::chrono::milliseconds timeout_min_;
  std::chrono::milliseconds timeout_max_;
  std::map<SessionId, Session> sessions_;
  std::set<std::pair<Instant, SessionId>> deadlines_;  // one for each session
};

}  // namespace onyx::zookeeper::embedded
