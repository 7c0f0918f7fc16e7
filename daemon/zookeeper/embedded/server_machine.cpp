#include "daemon/zookeeper/embedded/server_machine.h"

#include "daemon/zookeeper/embedded/digest.h"

namespace onyx::zookeeper::embedded {
namespace {

constexpr std::chrono::seconds kHelloDeadline{10};

}  // namespace

ServerMachine::ServerMachine(Sessions sessions, SessionId first_session,
                             std::function<std::string()> new_password)
    : sessions_(std::move(sessions)),
      next_session_(first_session),
      new_password_(std::move(new_password)) {}

void ServerMachine::opened(ConnectionId connection, Now now) {
  connections_[connection] = {now.monotonic, {}};
}

void ServerMachine::received(ConnectionId id, std::string_view frame, Now now, Output& output) {
  const auto it = connections_.find(id);
  if (it == connections_.end()) return;
  Connection& connection = it->second;
  if (connection.caller.session == 0) {
    greet(id, connection, frame, now, output);
    return;
  }
  JuteReader in(frame);
  const RequestHeader header = decode_header(in);
  if (!in.ok() || !sessions_.touch(connection.caller.session, now.monotonic)) {
    output.closes.push_back(id);
    return;
  }
  switch (header.op) {
    case Op::ping:
      reply(id, header.xid, {}, output);
      return;
    case Op::set_auth:
      authenticate(id, connection, header.xid, in, output);
      return;
    case Op::close_session: {
      const SessionId session = connection.caller.session;
      sessions_.close(session);
      connection_of_.erase(session);
      end_session(session, output);
      reply(id, header.xid, {}, output);
      output.closes.push_back(id);
      return;
    }
    default:
      serve(id, connection, header, in, now, output);
  }
}

void ServerMachine::closed(ConnectionId id) {
  const auto it = connections_.find(id);
  if (it == connections_.end()) return;
  const SessionId session = it->second.caller.session;
  connections_.erase(it);
  const auto held = connection_of_.find(session);
  if (held == connection_of_.end() || held->second != id) return;
  connection_of_.erase(held);
  tree_.drop_watches(session);
}

void ServerMachine::tick(Now now, Output& output) {
  for (const SessionId session : sessions_.expire(now.monotonic)) end_session(session, output);
  for (const auto& [id, connection] : connections_) {
    if (connection.caller.session == 0 && connection.opened_at + kHelloDeadline <= now.monotonic) {
      output.closes.push_back(id);
    }
  }
}

void ServerMachine::expire_all(Output& output) {
  for (const SessionId session : sessions_.all()) {
    sessions_.close(session);
    end_session(session, output);
  }
}

void ServerMachine::greet(ConnectionId id, Connection& connection, std::string_view frame, Now now,
                          Output& output) {
  const std::optional<ConnectRequest> request = decode_connect(frame);
  // A client that has seen writes we have not belongs to another server.
  if (!request || request->last_zxid_seen > zxid_) {
    output.closes.push_back(id);
    return;
  }
  const std::chrono::milliseconds wanted(request->timeout_ms);
  ConnectReply reply;
  reply.with_read_only = request->knows_read_only;
  if (request->session == 0) {
    reply.session = next_session_++;
    reply.password = new_password_();
    const auto granted = sessions_.open(reply.session, reply.password, wanted, now.monotonic);
    reply.timeout_ms = static_cast<std::int32_t>(granted.count());
    zxid_ += 1;
  } else if (const auto granted =
                 sessions_.resume(request->session, request->password, wanted, now.monotonic)) {
    reply.session = request->session;
    reply.password = request->password;
    reply.timeout_ms = static_cast<std::int32_t>(granted->count());
  } else {
    reply.password = std::string(16, '\0');
    output.sends.push_back({id, encode_connect(reply)});
    output.closes.push_back(id);
    return;
  }
  if (const auto held = connection_of_.find(reply.session); held != connection_of_.end()) {
    output.closes.push_back(held->second);
    tree_.drop_watches(reply.session);
  }
  connection.caller = {reply.session, {}};
  connection_of_[reply.session] = id;
  output.sends.push_back({id, encode_connect(reply)});
}

void ServerMachine::serve(ConnectionId id, Connection& connection, const RequestHeader& header,
                          JuteReader& in, Now now, Output& output) {
  bool known = false;
  const std::optional<Request> request = decode_request(header.op, in, known);
  if (!request) {
    if (known) {
      output.closes.push_back(id);
    } else {
      Reply refusal;
      refusal.code = Code::unimplemented;
      reply(id, header.xid, refusal, output);
    }
    return;
  }
  const bool writes = is_write(*request);
  if (writes) zxid_ += 1;
  const Outcome outcome = tree_.handle(*request, connection.caller, zxid_, now.wall_ms);
  if (writes && cut_before_next_reply_) {
    cut_before_next_reply_ = false;
    output.closes.push_back(id);
    connection_of_.erase(connection.caller.session);
    tree_.drop_watches(connection.caller.session);
    send_events(outcome.events, output);
    return;
  }
  send_events(outcome.events, output);
  reply(id, header.xid, outcome.reply, output);
}

void ServerMachine::authenticate(ConnectionId id, Connection& connection, std::int32_t xid,
                                 JuteReader& in, Output& output) {
  const std::optional<AuthRequest> request = decode_auth(in);
  if (!request) {
    output.closes.push_back(id);
    return;
  }
  const std::optional<std::string> identity =
      request->scheme == "digest" ? digest_identity(request->credentials) : std::nullopt;
  if (identity) {
    connection.caller.identities.insert({"digest", *identity});
    reply(id, xid, {}, output);
    return;
  }
  Reply refusal;
  refusal.code = Code::auth_failed;
  reply(id, xid, refusal, output);
  output.closes.push_back(id);
}

void ServerMachine::end_session(SessionId session, Output& output) {
  zxid_ += 1;
  send_events(tree_.end_session(session, zxid_), output);
  const auto held = connection_of_.find(session);
  if (held == connection_of_.end()) return;
  output.closes.push_back(held->second);
  connection_of_.erase(held);
}

void ServerMachine::reply(ConnectionId to, std::int32_t xid, const Reply& reply, Output& output) {
  output.sends.push_back({to, encode_reply(xid, zxid_, reply)});
}

void ServerMachine::send_events(const std::vector<WatchEvent>& events, Output& output) {
  for (const WatchEvent& event : events) {
    const auto held = connection_of_.find(event.session);
    if (held != connection_of_.end()) output.sends.push_back({held->second, encode_event(event)});
  }
}

}  // namespace onyx::zookeeper::embedded
