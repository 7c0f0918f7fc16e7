// An in-memory ZooKeeper: a real server of the ZooKeeper client protocol on loopback, for
// development and tests.
//
// Shape:   everything is in memory and gone when it stops. One server, no quorum, no disk.
// Units:   session timeouts are granted between min and max of ServerOptions.
// Thread:  one of its own (an epoll loop) owns tree, sessions and connections; the methods here may
//          be called from any. Errors:  a malformed frame closes its connection; it never harms the
//          server or another connection. Source:  ZooKeeper 3.8: PrepRequestProcessor,
//          FinalRequestProcessor, SessionTrackerImpl.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace onyx::zookeeper::embedded {

struct ServerOptions {
  std::uint16_t port = 0;  // 0 picks a free one
  std::chrono::milliseconds session_timeout_min{200};
  std::chrono::milliseconds session_timeout_max{40'000};
};

class Server {
 public:
  // Listening when it returns. `clock` is the real one when null.
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options = {},
                                               const Clock* clock = nullptr);
  ~Server();

  // "127.0.0.1:PORT", as the ZooKeeper client wants it.
  const std::string& address() const;

  // Faults, for tests. Each has happened when the call returns.
  void cut_connections();        // every connection is closed; the sessions live on
  void cut_before_next_reply();  // the next write is done, its reply is never sent, the connection
                                 // is closed
  void expire_sessions();        // as if no client had been heard from for too long
  void wake();                   // looks at the clock now; for a clock that is moved by hand
  std::size_t session_count() const;

 private:
  class Loop;
  explicit Server(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace onyx::zookeeper::embedded
