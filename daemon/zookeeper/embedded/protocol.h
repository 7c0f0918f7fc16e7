// Requests and replies of the ZooKeeper client protocol as values.
//
// Shape:   what the C client sends for our seams, no more. The numbers are the protocol's.
// Source:  zookeeper.jute, KeeperException.Code and ZooDefs of ZooKeeper 3.8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace onyx::zookeeper::embedded {

using SessionId = std::int64_t;
using Zxid = std::int64_t;  // number of a write; grows by one

enum class Op : std::int32_t {
  create = 1,
  remove = 2,
  exists = 3,
  get_data = 4,
  set_data = 5,
  get_acl = 6,
  set_acl = 7,
  get_children = 8,
  sync = 9,
  ping = 11,
  get_children2 = 12,
  check = 13,
  multi = 14,
  create2 = 15,
  remove_watches = 18,
  set_auth = 100,
  set_watches = 101,
  close_session = -11,
  error = -1,
};

enum class Code : std::int32_t {
  ok = 0,
  runtime_inconsistency = -2,
  unimplemented = -6,
  bad_arguments = -8,
  no_node = -101,
  no_auth = -102,
  bad_version = -103,
  no_children_for_ephemerals = -108,
  node_exists = -110,
  not_empty = -111,
  session_expired = -112,
  invalid_acl = -114,
  auth_failed = -115,
  no_watcher = -121,
};

enum class EventType : std::int32_t {
  node_created = 1,
  node_deleted = 2,
  node_data_changed = 3,
  node_children_changed = 4,
};

inline constexpr std::int32_t kXidNotification = -1;
inline constexpr std::int32_t kXidPing = -2;
inline constexpr std::int32_t kXidAuth = -4;
inline constexpr std::int32_t kXidSetWatches = -8;

inline constexpr std::int32_t kFlagEphemeral = 1;
inline constexpr std::int32_t kFlagSequence = 2;
inline constexpr std::int32_t kAnyVersion = -1;

inline constexpr std::int32_t kPermRead = 1;
inline constexpr std::int32_t kPermWrite = 2;
inline constexpr std::int32_t kPermCreate = 4;
inline constexpr std::int32_t kPermDelete = 8;
inline constexpr std::int32_t kPermAdmin = 16;

// "world" "anyone", or "digest" "user:base64(sha1(user:password))".
struct Identity {
  std::string scheme;
  std::string id;
  auto operator<=>(const Identity&) const = default;
};

struct Acl {
  std::int32_t perms = 0;
  Identity who;
  bool operator==(const Acl&) const = default;
};

struct Stat {
  Zxid czxid = 0;
  Zxid mzxid = 0;
  std::int64_t ctime = 0;  // ms, wall time
  std::int64_t mtime = 0;
  std::int32_t version = 0;
  std::int32_t cversion = 0;
  std::int32_t aversion = 0;
  SessionId ephemeral_owner = 0;
  std::int32_t data_length = 0;
  std::int32_t num_children = 0;
  Zxid pzxid = 0;
  bool operator==(const Stat&) const = default;
};

struct Create {
  std::string path;
  std::string data;
  std::vector<Acl> acl;
  std::int32_t flags = 0;
  bool with_stat = false;  // create2
};
struct Remove {
  std::string path;
  std::int32_t version = kAnyVersion;
};
struct Exists {
  std::string path;
  bool watch = false;
};
struct GetData {
  std::string path;
  bool watch = false;
};
struct SetData {
  std::string path;
  std::string data;
  std::int32_t version = kAnyVersion;
};
struct GetAcl {
  std::string path;
};
struct SetAcl {
  std::string path;
  std::vector<Acl> acl;
  std::int32_t version = kAnyVersion;
};
struct GetChildren {
  std::string path;
  bool watch = false;
  bool with_stat = false;  // getChildren2
};
struct Sync {
  std::string path;
};
struct CheckVersion {
  std::string path;
  std::int32_t version = kAnyVersion;
};
// What a client that was away had been watching, and the last write it knows of.
struct SetWatches {
  Zxid relative_zxid = 0;
  std::vector<std::string> data;
  std::vector<std::string> exist;
  std::vector<std::string> child;
};
struct RemoveWatches {
  std::string path;
  std::int32_t type = 0;  // 1 children, 2 data, 3 any
};
using MultiOp = std::variant<Create, Remove, SetData, CheckVersion>;
struct Multi {
  std::vector<MultiOp> ops;
};

using Request = std::variant<Create, Remove, Exists, GetData, SetData, GetAcl, SetAcl, GetChildren,
                             Sync, CheckVersion, SetWatches, RemoveWatches, Multi>;

// What is there is written in this order; with an error nothing is.
struct Reply {
  Code code = Code::ok;
  std::optional<std::string> text;  // a path or data
  std::optional<std::vector<Acl>> acl;
  std::optional<std::vector<std::string>> children;
  std::optional<Stat> stat;

  struct Part {
    Op op = Op::error;
    Code code = Code::ok;
    std::optional<std::string> text;
    std::optional<Stat> stat;
    bool operator==(const Part&) const = default;
  };
  std::optional<std::vector<Part>> parts;  // of a multi
  bool operator==(const Reply&) const = default;
};

struct WatchEvent {
  SessionId session = 0;
  EventType type = EventType::node_created;
  std::string path;
  bool operator==(const WatchEvent&) const = default;
};

// The first frame of a connection.
struct ConnectRequest {
  std::int32_t protocol_version = 0;
  Zxid last_zxid_seen = 0;
  std::int32_t timeout_ms = 0;
  SessionId session = 0;
  std::string password;
  bool knows_read_only = false;  // newer clients append a byte, and expect one
};
struct ConnectReply {
  std::int32_t timeout_ms = 0;  // 0: the session has expired
  SessionId session = 0;
  std::string password;
  bool with_read_only = false;
};

struct AuthRequest {
  std::string scheme;
  std::string credentials;
};

}  // namespace onyx::zookeeper::embedded
