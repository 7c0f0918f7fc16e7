// Reads the log from a position on, for ever, in order, none skipped.
//
//      ┌──▶ read ahead: up to 64 gets under way, delivered in order ──▶ a position is not there ──┐
//      │                                                                                         ▼
// the watch fires,                                                       the origin covers it:
// behind gc, the end or 2 s have passed                                                     the log
// is longer:    a hole, the end
//      │                                                                   else it is not yet written
//      └──── wait ◀── exists-watch on exactly the next position, and the length of the log ◀─────┘
//
// Thread:  one of its own ("log-follower"), on which `on_event` runs and may block.
// Errors:  a lost connection is waited out; a lost session is the last event.
#pragma once

#include <functional>

#include "daemon/cluster/coordination_log.h"
#include "daemon/concurrency/mutex.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/zookeeper/client/session.h"
#include "daemon/zookeeper/paths.h"

namespace onyx::zookeeper {

class LogFollower final : public cluster::Follower {
 public:
  LogFollower(Session& session, const Paths& paths, cluster::CoordinationLog& log, Position from,
              std::function<void(cluster::LogEvent)> on_event);
  ~LogFollower() override;

 private:
  enum class Going : unsigned char { on, ended };

  void run();
  Going read_ahead();
  Going await_next();
  Going explain_absence();
  Going deliver(Reply reply);
  Going trouble(const Reply& reply, std::string_view doing);
  Going end(cluster::LogEvent event);

  // False when it was not the watch that ended the wait.
  bool wait(std::chrono::milliseconds at_most);
  bool is_stopped();

  Session& session_;
  const Paths paths_;
  cluster::CoordinationLog& log_;
  const std::function<void(cluster::LogEvent)> on_event_;
  Position next_;
  Position known_ = -1;  // the newest entry that we have heard of

  concurrency::Mutex mutex_;
  concurrency::Condition changed_;
  bool fired_ ONYX_GUARDED_BY(mutex_) = false;
  bool stopped_ ONYX_GUARDED_BY(mutex_) = false;

  const WatchId watch_;
  concurrency::NamedThread thread_;
};

}  // namespace onyx::zookeeper
