// The server without its sockets: frames in, frames out.
//
// Shape:   a connection begins with a connect frame, which opens or resumes a session; a session
//          has at most one connection. Every write takes the next zxid, refused ones too.
// Thread:  a value of its owner. Time is an argument; session ids and passwords come from the
//          constructor.
// Errors:  a frame that is not one closes its connection and changes nothing.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "daemon/zookeeper/embedded/jute.h"
#include "daemon/zookeeper/embedded/protocol.h"
#include "daemon/zookeeper/embedded/request_codec.h"
#include "daemon/zookeeper/embedded/sessions.h"
#include "daemon/zookeeper/embedded/znode_tree.h"

namespace onyx::zookeeper::embedded {

using ConnectionId = std::uint64_t;

struct Now {
  Instant monotonic;
  WallTimeMs wall_ms = 0;
};

// What is to be done, in this order: send the frames, then close the connections.
struct Output {
  struct Send {
    ConnectionId to = 0;
    std::string frame;
  };
  std::vector<Send> sends;
  std::vector<ConnectionId> closes;
};

class ServerMachine {
 public:
  // `new_password` yields 16 fresh bytes for each session.
  ServerMachine(Sessions sessions, SessionId first_session,
                std::function<std::string()> new_password);

  void opened(ConnectionId connection, Now now);
  void received(ConnectionId connection, std::string_view frame, Now now, Output& output);
  void closed(ConnectionId connection);

  // Ends the sessions whose time is up, and connections that never said hello.
  void tick(Now now, Output& output);
  std::optional<Instant> next_deadline() const { return sessions_.next_deadline(); }

  void expire_all(Output& output);
  void cut_before_next_reply() { cut_before_next_reply_ = true; }
  std::size_t session_count() const { return sessions_.size(); }

 private:
  struct Connection {
    Instant opened_at;
    Caller caller;  // session 0: has not said hello
  };

  void greet(ConnectionId id, Connection& connection, std::string_view frame, Now now,
             Output& output);
  void serve(ConnectionId id, Connection& connection, const RequestHeader& header, JuteReader& in,
             Now now, Output& output);
  void authenticate(ConnectionId id, Connection& connection, std::int32_t xid, JuteReader& in,
                    Output& output);
  void end_session(SessionId session, Output& output);
  void reply(ConnectionId to, std::int32_t xid, const Reply& reply, Output& output);
  void send_events(const std::vector<WatchEvent>& events, Output& output);

  Sessions sessions_;
  SessionId next_session_;
  std::function<std::string()> new_password_;
  ZnodeTree tree_;
  Zxid zxid_ = 0;  // of the last write
  std::map<ConnectionId, Connection> connections_;
  std::map<SessionId, ConnectionId> connection_of_;
  bool cut_before_next_reply_ = false;
};

}  // namespace onyx::zookeeper::embedded
