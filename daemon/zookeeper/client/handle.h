// One handle of the ZooKeeper C client: asynchronous calls only, each with its own deadline.
//
// Shape:   requests are sent in the order of the calls, and answered in that order.
// Thread:  any. The C client has two threads; its callbacks only complete a Call or hand an event
//          on.
// Errors:  in the Reply. After fence() every call, also one under way, ends with session_expired. A
//          server that does not let go at the end is left behind after 2 s.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/zookeeper/client/call.h"
#include "daemon/zookeeper/client/watcher.h"

namespace onyx::zookeeper {

enum class CreateMode : unsigned char { persistent, ephemeral, sequential };

// One step of a multi.
struct Op {
  enum class Kind : unsigned char { create, remove, set, check };
  Kind kind = Kind::create;
  std::string path;
  std::string text;                          // create, set
  CreateMode mode = CreateMode::persistent;  // create
  std::int32_t version = -1;                 // remove, set, check; -1: any
};

enum class HandleEvent : unsigned char { connected, disconnected, expired };

struct HandleOptions {
  std::string address;
  std::chrono::milliseconds session_timeout{4'000};
  std::chrono::milliseconds call_deadline{10'000};
  std::optional<std::string>
      digest;  // "user:password"; makes every znode created here accessible to it alone
};

class HandleCore;

class Handle {
 public:
  // Returns before it is connected. `on_event` runs on the C client's thread and must only enqueue.
  static Result<std::unique_ptr<Handle>> open(const HandleOptions& options,
                                              std::function<void(HandleEvent)> on_event);
  ~Handle();

  Call create(const std::string& path, std::string_view text,
              CreateMode mode = CreateMode::persistent);
  Call get(const std::string& path);
  Call exists(const std::string& path, WatchId watch = kNoWatch);
  Call set(const std::string& path, std::string_view text, std::int32_t version);
  Call remove(const std::string& path, std::int32_t version = -1);
  Call children(const std::string& path);
  Call sync(const std::string& path);
  Call multi(std::vector<Op> ops);

  Watchers& watchers();

  // As the server granted it; known once connected.
  std::chrono::milliseconds session_timeout() const;

  // Owner of the ephemerals created here; known once connected.
  std::int64_t session_id() const;

  // When the newest request that has been answered was sent, by boot_now().
  Instant last_heard() const;

  // Ends every call with session_expired and tells the watchers that no event will come.
  void fence();

 private:
  explicit Handle(std::shared_ptr<HandleCore> core);
  std::shared_ptr<HandleCore> core_;
};

}  // namespace onyx::zookeeper
