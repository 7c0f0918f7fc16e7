// One handle of the ZooKeeper C client: asynchronous calls only, each with its own deadline.
//
// Shape:   requests are sent in the order of the calls, and answered in that order.
// Thread:  any. The C client has two threads; its callbacks only complete a Call or hand an event
//          on. close() may come while others call; it waits until their requests are handed over.
// Errors:  in the Reply. After fence() or close() every call, also one under way, ends with session_expired. A
//          server that does not let go at the end is left behind after 2 s.
#pragma once

#include <atomic>
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

enum class HandleEvent : unsigned char { connected, disconnected, expired, auth_failed };

struct HandleOptions {
  std::string address;
  std::chrono::milliseconds session_timeout{4'000};
  std::chrono::milliseconds call_deadline{10'000};
  std::optional<std::string>
      digest;  // "user:password"; makes every znode created here accessible to it alone …
  std::function<bool(std::string_view path)>
      is_shared;  // … but those of others too: anybody may read them and create below
};

// What is known of the session's life; outlives the handle for whoever asks.
struct Vitals {
  std::atomic<Instant>
      heard;  // when the newest request that has been answered was sent, by boot_now()
  std::atomic<std::chrono::milliseconds> timeout{};  // as granted; 0: not connected yet
  std::atomic<bool> is_over{false};                  // the server says so, or we have given it up
};

// What another process needs to end the session.
struct SessionKey {
  std::int64_t id = 0;
  std::string password;  // 16 bytes
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
  Call access(const std::string& path);
  Call sync(const std::string& path);
  Call multi(std::vector<Op> ops);

  Watchers& watchers();
  // Paths that the server watches for this session. One that there was no room for (watch_budget.h) is looked at by
  // poll_watches(), which is to be called every now and then.
  std::size_t watch_count() const;
  void poll_watches();

  // As the server granted it; known once connected.
  std::chrono::milliseconds session_timeout() const;

  // A server has taken the connection and has not said yet what it thinks of the session.
  bool is_greeting() const;

  // Breaks the connection, so that the C client makes another one; calls under way become ambiguous.
  void reconnect();

  // Owner of the ephemerals created here; known once connected.
  std::int64_t session_id() const;

  // Known once connected; what it holds stays the same for the session's life.
  SessionKey session_key() const;

  std::shared_ptr<const Vitals> vitals() const;

  // Ends every call with session_expired and tells the watchers that no event will come.
  void fence();

  // fence(), and ends the session. False: the server was not told, within 2 s.
  bool close();

 private:
  explicit Handle(std::shared_ptr<HandleCore> core);
  std::shared_ptr<HandleCore> core_;
};

}  // namespace onyx::zookeeper
