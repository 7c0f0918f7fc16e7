#include "daemon/zookeeper/client/call.h"

#include <fmt/format.h>

#include "daemon/zookeeper/client/call_state.h"

namespace onyx::zookeeper {

Reply Call::wait() { return state_->wait(); }

Error to_error(Code code, std::string_view doing) {
  switch (code) {
    case Code::connection_loss:
      return Error(ErrorCode::unavailable, fmt::format("{}: connection to ZooKeeper lost", doing));
    case Code::operation_timeout:
      return Error(ErrorCode::deadline_exceeded,
                   fmt::format("{}: no answer from ZooKeeper in time", doing));
    case Code::session_expired:
    case Code::invalid_state:
    case Code::closing:
      return Error(ErrorCode::unavailable,
                   fmt::format("{}: the ZooKeeper session has ended", doing));
    case Code::no_node:
      return Error(ErrorCode::not_found, fmt::format("{}: no such znode", doing));
    case Code::node_exists:
      return Error(ErrorCode::already_exists, fmt::format("{}: the znode exists", doing));
    case Code::bad_version:
      return Error(ErrorCode::aborted, fmt::format("{}: someone else wrote first", doing));
    case Code::no_auth:
    case Code::auth_failed:
      return Error(
          ErrorCode::permission_denied,
          fmt::format("{}: ZooKeeper refuses access; check :onyxd/zookeeper-auth-file", doing),
          "NET-51");
    default:
      return Error(ErrorCode::internal,
                   fmt::format("{}: ZooKeeper answered {}", doing, static_cast<int>(code)));
  }
}

tl::unexpected<Error> failure_of(const Reply& reply, std::string_view doing) {
  return failure(to_error(reply.code, doing));
}

}  // namespace onyx::zookeeper
