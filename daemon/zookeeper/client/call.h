// The answer to one request to ZooKeeper, now or later.
//
// Thread:  a Call is made on one thread and completed on the C client's; wait() may be called on
//          any, by one.
// Errors:  in Reply::code. operation_timeout: no answer by the deadline of the call; the outcome is
//          unknown.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace onyx::zookeeper {

// The codes of ZooKeeper that we act on; any other is passed on as its number.
enum class Code : int {
  ok = 0,
  runtime_inconsistency = -2,
  connection_loss = -4,
  operation_timeout = -7,
  bad_arguments = -8,
  invalid_state = -9,
  no_node = -101,
  no_auth = -102,
  bad_version = -103,
  node_exists = -110,
  not_empty = -111,
  session_expired = -112,
  auth_failed = -115,
  closing = -116,
};

struct NodeStat {
  std::int64_t created_at_ms = 0;
  std::int32_t version = 0;
  std::int32_t child_count = 0;
  std::int32_t child_changes = 0;  // creates plus deletes of children, ever
  std::int64_t ephemeral_owner = 0;
};

struct OpResult {
  Code code = Code::ok;
  std::string path;  // of a create
};

struct Reply {
  Code code = Code::ok;
  std::string text;  // data, or the path that was created
  NodeStat stat;
  std::vector<std::string> names;  // children
  std::vector<OpResult> results;   // of a multi
  bool is_polled = false;          // of a watch: there was no room for it on the server
  bool is_open = false;            // of an access list: whoever comes may do something

  bool ok() const { return code == Code::ok; }
  // The connection broke or nothing came in time: whether it was done is unknown.
  bool is_ambiguous() const {
    return code == Code::connection_loss || code == Code::operation_timeout;
  }
};

class CallState;

class Call {
 public:
  explicit Call(std::shared_ptr<CallState> state) : state_(std::move(state)) {}

  // Blocks until the answer is there, or the deadline of the call has passed.
  Reply wait();

 private:
  std::shared_ptr<CallState> state_;
};

// "appending to the log: connection lost" with the code that callers act on.
Error to_error(Code code, std::string_view doing);
tl::unexpected<Error> failure_of(const Reply& reply, std::string_view doing);

}  // namespace onyx::zookeeper
