// One ZooKeeper session, and what we know ourselves of its life.
//
// Shape:   the states of cluster::SessionState. The age of the session is judged by our own clock
//          from the newest request that was answered, and a probe is sent when nothing else is: a
//          client that is cut off hears of it late, and of its expiry only when the link is back.
// Thread:  one of its own ("zk-session"), which calls `on_session`.
// Errors:  open() says unavailable when no server has answered by the connect deadline.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "daemon/cluster/cluster.h"
#include "daemon/concurrency/mutex.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/zookeeper/client/handle.h"

namespace onyx::zookeeper {

class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const HandleOptions& options,
                                               std::chrono::milliseconds connect_deadline,
                                               cluster::OnSession on_session);
  ~Session();

  Handle& handle() { return *handle_; }
  cluster::SessionState state() const;

  // For requests that are harmless when done twice: asks again while no answer comes, until the
  // deadline of a call has passed.
  Reply repeat(const std::function<Call()>& request) const;

 private:
  Session(std::chrono::milliseconds call_deadline, cluster::OnSession on_session);

  Result<void> wait_connected(std::chrono::milliseconds deadline, const std::string& address);
  void heard(HandleEvent event);
  void run();
  cluster::SessionState judge(Instant now) const ONYX_REQUIRES(mutex_);

  const std::chrono::milliseconds call_deadline_;
  const cluster::OnSession on_session_;
  std::chrono::milliseconds timeout_{};  // granted; set before the thread starts

  mutable concurrency::Mutex mutex_;
  mutable concurrency::Condition changed_;
  HandleEvent newest_ ONYX_GUARDED_BY(mutex_) = HandleEvent::disconnected;
  cluster::SessionState state_ ONYX_GUARDED_BY(mutex_) = cluster::SessionState::suspect;
  std::uint64_t events_ ONYX_GUARDED_BY(mutex_) = 0;  // ever heard
  bool stopping_ ONYX_GUARDED_BY(mutex_) = false;

  std::unique_ptr<Handle> handle_;
  concurrency::NamedThread thread_;
};

}  // namespace onyx::zookeeper
