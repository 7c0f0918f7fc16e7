// The daemon's side of the warden: starts it, and tells it which sessions to end when this process dies without ending them.
//
// Shape:   `onyxd-warden` from the directory of this program, in a session of its own so that signals to our process group miss
//          it, with the read end of a pipe as its stdin. Nobody else has the write end, so the kernel tells it of our death. A
//          daemon under systemd also leaves the open tickets in $RUNTIME_DIRECTORY/sessions (0600), for ExecStopPost=, when the
//          whole unit is killed.
// Thread:  start() before others; opened() and closed() any.
// Errors:  without a warden everything works, and a death is noticed when the session's timeout has passed; a warning says so.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "common/base/result.h"
#include "daemon/concurrency/mutex.h"
#include "daemon/zookeeper/warden/ticket.h"

namespace onyx::zookeeper {

class SessionKeeper {
 public:
  // `ticket_file`: empty: none.
  static Result<std::unique_ptr<SessionKeeper>> start(const std::string& warden,
                                                      const std::string& ticket_file);
  ~SessionKeeper();  // the warden closes what is still open, and ends

  void opened(const Ticket& ticket);
  void closed(std::int64_t session);

  pid_t warden() const { return warden_; }

 private:
  SessionKeeper(pid_t warden, int pipe, std::string ticket_file);
  void tell(const std::string& line) ONYX_REQUIRES(mutex_);

  const pid_t warden_;
  const std::string ticket_file_;
  concurrency::Mutex mutex_;
  int pipe_ ONYX_GUARDED_BY(mutex_);
  Tickets tickets_ ONYX_GUARDED_BY(mutex_);
};

// Beside this program; where systemd's RuntimeDirectory= is.
std::string warden_path();
std::string ticket_file_path();

}  // namespace onyx::zookeeper
