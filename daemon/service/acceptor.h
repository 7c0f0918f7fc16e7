// Listening sockets, and the thread that takes connections from them and hands them to gRPC.
//
// gRPC's own listener stops for good when the process has no descriptor left; this one goes on when there are some again,
// and keeps some for the rest of the daemon by turning connections away.
//
// Thread:  all methods on one thread; the callback runs on the acceptor's. stop() returns after its last call.
// Errors:  listen() names the address and what stands against it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/service/listen.h"

namespace onyx::service {

class Acceptor {
 public:
  Acceptor();
  ~Acceptor();  // stops
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // From here on connections queue up. Gives the address with the port that was found for port 0.
  Result<Listen> listen(const Listen& wanted);

  // `take` owns the descriptor it is given: connected, non-blocking.
  void start(std::function<void(int fd)> take);

  // Closes and removes the sockets. Idempotent.
  void stop();

 private:
  Result<int> listen_unix(const std::string& path);
  Result<int> listen_tcp(Listen& address);
  void run();
  bool accept_all(int socket);  // false: out of descriptors

  std::vector<int> sockets_;
  std::vector<std::string> paths_;
  int stop_event_ = -1;
  std::function<void(int)> take_;
  concurrency::NamedThread thread_;
};

}  // namespace onyx::service
