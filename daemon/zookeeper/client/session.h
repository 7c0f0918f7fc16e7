// One ZooKeeper session, and what we know ourselves of its life.
//
// Shape:   a SessionMachine on a thread: facts of the handle in, changes out, a line in the log for each; a probe is sent when
//          nothing else makes the server answer. The fence is judged by whoever asks, not by the thread.
// Thread:  one of its own ("zk-session"), which calls `on_session`. close() on any other, once nothing else is started.
// Errors:  open(): unavailable when no server has answered by the connect deadline; NET-50 when the server grants a timeout
//          out of bounds; NET-51 when it refuses the credentials.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "daemon/cluster/cluster.h"
#include "daemon/cluster/fence.h"
#include "daemon/concurrency/mutex.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/zookeeper/client/handle.h"
#include "daemon/zookeeper/client/session_machine.h"

namespace onyx::zookeeper {

// Told when a session is there, and when the server knows that it is over. Called by whoever opens and closes.
struct SessionWatch {
  std::function<void(const SessionKey&)> opened;
  std::function<void(std::int64_t id)> closed;
};

class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const HandleOptions& options,
                                               std::chrono::milliseconds connect_deadline,
                                               cluster::OnSession on_session,
                                               SessionWatch watch = {});
  ~Session();  // close()

  // Ends the session; every call on its handle fails from now on.
  void close();

  Handle& handle() { return *handle_; }
  cluster::SessionState state() const;
  std::shared_ptr<const cluster::Fence> fence() const;

  // For requests that are harmless when done twice: asks again while no answer comes, until the
  // deadline of a call has passed.
  Reply repeat(const std::function<Call()>& request) const;

 private:
  Session(std::chrono::milliseconds call_deadline, cluster::OnSession on_session);

  Result<void> wait_connected(std::chrono::milliseconds deadline, const HandleOptions& options);
  void heard(HandleEvent event);
  void run();
  SessionFacts facts() const ONYX_REQUIRES(mutex_);

  const std::chrono::milliseconds call_deadline_;
  const cluster::OnSession on_session_;

  mutable concurrency::Mutex mutex_;
  mutable concurrency::Condition changed_;
  HandleEvent newest_ ONYX_GUARDED_BY(mutex_) = HandleEvent::disconnected;
  cluster::SessionState state_ ONYX_GUARDED_BY(mutex_) = cluster::SessionState::suspect;
  std::uint64_t events_ ONYX_GUARDED_BY(mutex_) = 0;  // ever heard
  bool stopping_ ONYX_GUARDED_BY(mutex_) = false;

  SessionWatch watch_;  // set before the thread starts
  std::unique_ptr<Handle> handle_;
  concurrency::NamedThread thread_;
};

}  // namespace onyx::zookeeper
