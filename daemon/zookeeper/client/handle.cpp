#include "daemon/zookeeper/client/handle.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <zookeeper/zookeeper.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "daemon/concurrency/named_thread.h"
#include "daemon/zookeeper/client/boot_clock.h"
#include "daemon/zookeeper/client/call_state.h"
#include "daemon/zookeeper/client/connections.h"
#include "daemon/zookeeper/client/watch_budget.h"

namespace onyx::zookeeper {
namespace {

using concurrency::MutexLock;

constexpr std::chrono::seconds kCloseDeadline{2};
constexpr int kCreatedPathBytes = 1'024;

void log_line(const char* message) { spdlog::debug("zookeeper client: {}", message); }

void quiet_c_client() {
  static std::once_flag once;
  std::call_once(once, [] { zoo_set_debug_level(ZOO_LOG_LEVEL_WARN); });
}

int flags_of(CreateMode mode) {
  switch (mode) {
    case CreateMode::persistent:
      return 0;
    case CreateMode::ephemeral:
      return ZOO_EPHEMERAL;
    case CreateMode::sequential:
      return ZOO_SEQUENCE;
  }
  return 0;
}

NodeStat stat_of(const Stat* stat) {
  NodeStat known;
  if (stat == nullptr) return known;
  known.created_at_ms = stat->ctime;
  known.version = stat->version;
  known.child_count = stat->numChildren;
  known.child_changes = stat->cversion;
  known.ephemeral_owner = stat->ephemeralOwner;
  return known;
}

Reply reply_with(int code) {
  Reply reply;
  reply.code = Code{code};
  return reply;
}

bool has_plain_path(const Op& op) {
  const bool gets_number = op.kind == Op::Kind::create && op.mode == CreateMode::sequential;
  const std::string path = gets_number ? op.path + "0" : op.path;
  if (path.size() < 2 || path.front() != '/') return false;
  for (const char* wrong : {"//", "/./", "/../"}) {
    if ((path + "/").find(wrong) != std::string::npos) return false;
  }
  return true;
}

void* as_context(WatchId id) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(id));  // NOLINT
}

}  // namespace

// Anybody may see it and create below it; the rest is the creator's.
ACL kSharedEntries[] = {
    {ZOO_PERM_READ | ZOO_PERM_CREATE, {const_cast<char*>("world"), const_cast<char*>("anyone")}},
    {ZOO_PERM_ALL, {const_cast<char*>("auth"), const_cast<char*>("")}}};
const ACL_vector kSharedAcl = {2, kSharedEntries};

// What the callbacks reach. It outlives the Handle when the C client does not let go of its own.
class HandleCore : public std::enable_shared_from_this<HandleCore> {
 public:
  // One request under way, as the C client carries it. It keeps what an asynchronous multi points into.
  struct Pending {
    std::shared_ptr<HandleCore> core;
    std::shared_ptr<CallState> state;
    std::uint64_t number = 0;
    Instant sent_at;
    WatchId polled = kNoWatch;  // whose watch the server does not have
    std::vector<Op> ops;
    std::vector<std::string> path_buffers;
    std::vector<zoo_op_result_t> results;
  };

  HandleCore(const HandleOptions& options, std::function<void(HandleEvent)> on_event_of_handle)
      : call_deadline(options.call_deadline),
        acl(options.digest ? &ZOO_CREATOR_ALL_ACL : &ZOO_OPEN_ACL_UNSAFE),
        is_shared(options.digest ? options.is_shared : nullptr),
        on_event(std::move(on_event_of_handle)) {
    vitals->heard = boot_now();
  }

  // `send` hands the request to the C client; what it returns ends the call unless it is ZOK.
  template <class Send>
  Call start(Send send, std::vector<Op> ops = {}) {
    auto state = std::make_shared<CallState>(std::chrono::steady_clock::now() + call_deadline);
    auto pending = std::make_unique<Pending>();
    pending->core = shared_from_this();
    pending->state = state;
    pending->sent_at = boot_now();
    pending->ops = std::move(ops);
    {
      MutexLock lock(mutex);
      if (fenced) {
        state->complete(reply_with(ZSESSIONEXPIRED));
        return Call(state);
      }
      pending->number = ++last_number;
      under_way.emplace(pending->number, state);
      carried_by_library.insert(pending.get());
      ++senders;
    }
    Pending* const carried = pending.release();
    const int code = send(carried);
    {
      MutexLock lock(mutex);
      if (--senders == 0) idle.notify_all();
    }
    if (code != ZOK) finish(carried, reply_with(code));
    return Call(state);
  }

  static void finish(const void* data, Reply reply) {
    const std::unique_ptr<Pending> pending(static_cast<Pending*>(const_cast<void*>(data)));
    HandleCore& core = *pending->core;
    // Every answer of the server is a sign of life; an error of the client's own is none.
    const bool heard = reply.ok() || static_cast<int>(reply.code) < ZAPIERROR;
    if (heard && reply.code != Code::closing && reply.code != Code::session_expired) {
      Instant known = core.vitals->heard.load();
      while (known < pending->sent_at &&
             !core.vitals->heard.compare_exchange_weak(known, pending->sent_at)) {
      }
    }
    {
      MutexLock lock(core.mutex);
      core.under_way.erase(pending->number);
      core.carried_by_library.erase(pending.get());
    }
    pending->state->complete(std::move(reply));
  }

  // Once the library is closed: it forgets some of the requests it carried.
  void free_forgotten() {
    std::unordered_set<Pending*> forgotten;
    {
      MutexLock lock(mutex);
      forgotten.swap(carried_by_library);
    }
    for (Pending* pending : forgotten) delete pending;
  }

  static void on_session(zhandle_t* zh, int type, int state, const char*, void*) {
    if (type != ZOO_SESSION_EVENT) return;
    auto* const core = static_cast<HandleCore*>(const_cast<void*>(zoo_get_context(zh)));
    if (core == nullptr) return;
    if (state == ZOO_CONNECTED_STATE) {
      core->vitals->timeout = std::chrono::milliseconds(zoo_recv_timeout(zh));
      const clientid_t* const id = zoo_client_id(zh);
      {
        MutexLock lock(core->mutex);
        core->key = {id->client_id, std::string(id->passwd, sizeof id->passwd)};
      }
      core->on_event.run(HandleEvent::connected);
    } else if (state == ZOO_EXPIRED_SESSION_STATE) {
      core->vitals->is_over = true;
      core->on_event.run(HandleEvent::expired);
    } else if (state == ZOO_AUTH_FAILED_STATE) {
      core->vitals->is_over = true;
      core->on_event.run(HandleEvent::auth_failed);
    } else {
      core->on_event.run(HandleEvent::disconnected);
    }
  }

  static void on_watch(zhandle_t* zh, int type, int, const char* path, void* context) {
    if (type == ZOO_SESSION_EVENT || type == ZOO_NOTWATCHING_EVENT) return;
    auto* const core = static_cast<HandleCore*>(const_cast<void*>(zoo_get_context(zh)));
    if (core == nullptr) return;
    {
      MutexLock lock(core->mutex);
      core->budget.fired(path);
    }
    core->watchers.fire(reinterpret_cast<std::uintptr_t>(context));
  }

  static void on_access(int code, ACL_vector* list, Stat*, const void* data) {
    Reply reply = reply_with(code);
    for (int i = 0; code == ZOK && list != nullptr && i < list->count; ++i) {
      reply.is_open = reply.is_open || std::string_view(list->data[i].id.scheme) == "world";
    }
    finish(data, std::move(reply));
  }

  static void on_stat(int code, const Stat* stat, const void* data) {
    Reply reply = reply_with(code);
    if (code == ZOK) reply.stat = stat_of(stat);
    const auto& pending = *static_cast<const Pending*>(data);
    reply.is_polled = pending.polled != kNoWatch;
    if (reply.is_polled && (code == ZOK || code == ZNONODE)) {
      pending.core->looked(pending.polled, code == ZOK);
    }
    finish(data, std::move(reply));
  }

  static void on_data(int code, const char* value, int length, const Stat* stat, const void* data) {
    Reply reply = reply_with(code);
    if (code == ZOK) {
      if (value != nullptr && length > 0)
        reply.text.assign(value, static_cast<std::size_t>(length));
      reply.stat = stat_of(stat);
    }
    finish(data, std::move(reply));
  }

  static void on_text(int code, const char* text, const void* data) {
    Reply reply = reply_with(code);
    if (code == ZOK && text != nullptr) reply.text = text;
    finish(data, std::move(reply));
  }

  static void on_names(int code, const String_vector* names, const Stat* stat, const void* data) {
    Reply reply = reply_with(code);
    if (code == ZOK && names != nullptr) {
      reply.names.assign(names->data, names->data + names->count);
      reply.stat = stat_of(stat);
    }
    finish(data, std::move(reply));
  }

  static void on_done(int code, const void* data) { finish(data, reply_with(code)); }

  static void on_multi(int code, const void* data) {
    const auto& pending = *static_cast<const Pending*>(data);
    Reply reply = reply_with(code);
    // Without an answer of the server the results are what they were.
    if (code == ZOK || code < ZAPIERROR) {
      for (const zoo_op_result_t& result : pending.results) {
        OpResult known{Code{result.err}, {}};
        if (result.err == ZOK && result.value != nullptr) known.path = result.value;
        reply.results.push_back(std::move(known));
      }
    }
    finish(data, std::move(reply));
  }

  const std::chrono::milliseconds call_deadline;
  const ACL_vector* acl_of(std::string_view path) const {
    return is_shared && is_shared(path) ? &kSharedAcl : acl;
  }

  // Whether the server may be asked to watch; else it is polled.
  bool admit(const std::string& path, WatchId watch) {
    MutexLock lock(mutex);
    const auto known = polled.find(watch);
    if (known != polled.end() && known->second.path == path) return false;
    if (budget.admit(path)) {
      polled.erase(watch);
      return true;
    }
    if (!std::exchange(has_warned, true)) {
      spdlog::warn("{} watches of {} bytes: the rest is polled", budget.count(), budget.bytes());
    }
    polled[watch] = {path, std::nullopt};
    return false;
  }

  // What a look at a path without a watch has found; tells whoever waits when it is not what it was.
  void looked(WatchId watch, bool is_there) {
    {
      MutexLock lock(mutex);
      const auto found = polled.find(watch);
      if (found == polled.end()) return;
      const std::optional<bool> before = std::exchange(found->second.was_there, is_there);
      if (!before.has_value() || *before == is_there) return;
      polled.erase(found);
    }
    watchers.fire(watch);
  }

  const ACL_vector* const acl;
  const std::function<bool(std::string_view)> is_shared;
  concurrency::RevocableCallback<HandleEvent> on_event;
  Watchers watchers;
  const std::shared_ptr<Vitals> vitals = std::make_shared<Vitals>();
  zhandle_t* zh = nullptr;           // set before the Handle is given out
  std::vector<std::string> servers;  // likewise; as numbers

  concurrency::Mutex mutex;
  concurrency::Condition idle;  // no sender is between the check of `fenced` and the library
  bool fenced ONYX_GUARDED_BY(mutex) = false;
  bool closed ONYX_GUARDED_BY(mutex) = false;
  int senders ONYX_GUARDED_BY(mutex) = 0;
  SessionKey key ONYX_GUARDED_BY(mutex);
  struct Polled {
    std::string path;
    std::optional<bool> was_there;  // nothing: not looked at yet
  };
  WatchBudget budget ONYX_GUARDED_BY(mutex);
  std::map<WatchId, Polled> polled ONYX_GUARDED_BY(mutex);
  bool has_warned ONYX_GUARDED_BY(mutex) = false;
  std::uint64_t last_number ONYX_GUARDED_BY(mutex) = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<CallState>> under_way ONYX_GUARDED_BY(mutex);
  std::unordered_set<Pending*> carried_by_library ONYX_GUARDED_BY(mutex);
};

namespace {

// On a thread of its own: it does not return when the library cannot start its threads.
zhandle_t* init_c_client(const std::shared_ptr<HandleCore>& core, const HandleOptions& options) {
  struct Shared {
    std::promise<zhandle_t*> made;
    std::vector<std::string> servers;
  };
  auto shared = std::make_shared<Shared>();
  std::future<zhandle_t*> made = shared->made.get_future();
  const int timeout_ms = static_cast<int>(options.session_timeout.count());
  std::thread([shared, core, address = options.address, timeout_ms] {
    shared->servers = resolved_servers(address);
    shared->made.set_value(zookeeper_init2(address.c_str(), HandleCore::on_session, timeout_ms,
                                           nullptr, core.get(), ZOO_NO_LOG_CLIENTENV, log_line));
  }).detach();
  if (made.wait_for(options.call_deadline) != std::future_status::ready) return nullptr;
  core->servers = std::move(shared->servers);
  return made.get();
}

}  // namespace

Result<std::unique_ptr<Handle>> Handle::open(const HandleOptions& options,
                                             std::function<void(HandleEvent)> on_event) {
  quiet_c_client();
  auto core = std::make_shared<HandleCore>(options, std::move(on_event));
  core->zh = init_c_client(core, options);
  if (core->zh == nullptr) {
    return failure(ErrorCode::failed_precondition,
                   fmt::format("cannot use ZooKeeper address \"{}\"; it is written "
                               "host:port,host:port",
                               options.address));
  }
  zoo_set_servers_resolution_delay(core->zh, -1);
  if (options.digest) {
    core->start([&](HandleCore::Pending* pending) {
      return zoo_add_auth(core->zh, "digest", options.digest->c_str(),
                          static_cast<int>(options.digest->size()), HandleCore::on_done, pending);
    });
  }
  return std::unique_ptr<Handle>(new Handle(std::move(core)));
}

Handle::Handle(std::shared_ptr<HandleCore> core) : core_(std::move(core)) {}

Handle::~Handle() { close(); }

bool Handle::close() {
  core_->on_event.revoke();
  fence();
  {
    MutexLock lock(core_->mutex);
    if (std::exchange(core_->closed, true)) return true;
    while (core_->senders > 0) core_->idle.wait(core_->mutex);
  }
  auto closed = std::make_shared<std::promise<void>>();
  std::future<void> is_closed = closed->get_future();
  std::thread([closed, core = core_] {
    concurrency::name_this_thread("zk-close");
    zookeeper_close(core->zh);
    core->free_forgotten();
    closed->set_value();
  }).detach();
  if (is_closed.wait_for(kCloseDeadline) != std::future_status::ready) {
    spdlog::warn("zookeeper handle left behind: it did not close within 2 s");
    return false;
  }
  return true;
}

Call Handle::create(const std::string& path, std::string_view text, CreateMode mode) {
  return core_->start([&](HandleCore::Pending* pending) {
    return zoo_acreate(core_->zh, path.c_str(), text.data(), static_cast<int>(text.size()),
                       core_->acl_of(path), flags_of(mode), HandleCore::on_text, pending);
  });
}

Call Handle::get(const std::string& path) {
  return core_->start([&](HandleCore::Pending* pending) {
    return zoo_aget(core_->zh, path.c_str(), 0, HandleCore::on_data, pending);
  });
}

Call Handle::exists(const std::string& path, WatchId watch) {
  const bool is_watched = watch != kNoWatch && core_->admit(path, watch);
  return core_->start([&](HandleCore::Pending* pending) {
    if (!is_watched) pending->polled = watch;
    return zoo_awexists(core_->zh, path.c_str(), is_watched ? HandleCore::on_watch : nullptr,
                        as_context(watch), HandleCore::on_stat, pending);
  });
}

Call Handle::set(const std::string& path, std::string_view text, std::int32_t version) {
  return core_->start([&](HandleCore::Pending* pending) {
    return zoo_aset(core_->zh, path.c_str(), text.data(), static_cast<int>(text.size()), version,
                    HandleCore::on_stat, pending);
  });
}

Call Handle::remove(const std::string& path, std::int32_t version) {
  return core_->start([&](HandleCore::Pending* pending) {
    return zoo_adelete(core_->zh, path.c_str(), version, HandleCore::on_done, pending);
  });
}

Call Handle::children(const std::string& path) {
  return core_->start([&](HandleCore::Pending* pending) {
    return zoo_aget_children2(core_->zh, path.c_str(), 0, HandleCore::on_names, pending);
  });
}

Call Handle::access(const std::string& path) {
  return core_->start([&](HandleCore::Pending* pending) {
    return zoo_aget_acl(core_->zh, path.c_str(), HandleCore::on_access, pending);
  });
}

std::size_t Handle::watch_count() const {
  MutexLock lock(core_->mutex);
  return core_->budget.count();
}

void Handle::poll_watches() {
  std::vector<std::pair<std::string, WatchId>> looks;
  {
    MutexLock lock(core_->mutex);
    std::erase_if(core_->polled, [&](const auto& one) { return !core_->watchers.has(one.first); });
    for (const auto& [watch, polled] : core_->polled) looks.emplace_back(polled.path, watch);
  }
  for (const auto& [path, watch] : looks) exists(path, watch);
}

Call Handle::sync(const std::string& path) {
  return core_->start([&](HandleCore::Pending* pending) {
    return zoo_async(core_->zh, path.c_str(), HandleCore::on_text, pending);
  });
}

Call Handle::multi(std::vector<Op> ops) {
  return core_->start(
      [&](HandleCore::Pending* pending) {
        // The library frees what it never allocated when it refuses a step that is not the last.
        if (is_unrecoverable(core_->zh) != ZOK) return static_cast<int>(ZINVALIDSTATE);
        if (!std::ranges::all_of(pending->ops, has_plain_path)) {
          return static_cast<int>(ZBADARGUMENTS);
        }
        const std::size_t count = pending->ops.size();
        pending->path_buffers.assign(count, std::string());
        pending->results.assign(count, zoo_op_result_t{});
        std::vector<zoo_op_t> steps(count);
        for (std::size_t i = 0; i < count; ++i) {
          const Op& op = pending->ops[i];
          const int length = static_cast<int>(op.text.size());
          switch (op.kind) {
            case Op::Kind::create:
              pending->path_buffers[i].resize(kCreatedPathBytes);
              zoo_create_op_init(&steps[i], op.path.c_str(), op.text.data(), length,
                                 core_->acl_of(op.path), flags_of(op.mode),
                                 pending->path_buffers[i].data(), kCreatedPathBytes);
              break;
            case Op::Kind::remove:
              zoo_delete_op_init(&steps[i], op.path.c_str(), op.version);
              break;
            case Op::Kind::set:
              zoo_set_op_init(&steps[i], op.path.c_str(), op.text.data(), length, op.version,
                              nullptr);
              break;
            case Op::Kind::check:
              zoo_check_op_init(&steps[i], op.path.c_str(), op.version);
              break;
          }
        }
        return zoo_amulti(core_->zh, static_cast<int>(count), steps.data(), pending->results.data(),
                          HandleCore::on_multi, pending);
      },
      std::move(ops));
}

Watchers& Handle::watchers() { return core_->watchers; }

std::chrono::milliseconds Handle::session_timeout() const { return core_->vitals->timeout.load(); }

bool Handle::is_greeting() const { return zoo_state(core_->zh) == ZOO_ASSOCIATING_STATE; }

void Handle::reconnect() { break_connections(core_->servers); }

std::int64_t Handle::session_id() const { return session_key().id; }

SessionKey Handle::session_key() const {
  MutexLock lock(core_->mutex);
  return core_->key;
}

std::shared_ptr<const Vitals> Handle::vitals() const { return core_->vitals; }

void Handle::fence() {
  std::unordered_map<std::uint64_t, std::shared_ptr<CallState>> ended;
  {
    MutexLock lock(core_->mutex);
    core_->fenced = true;
    core_->vitals->is_over = true;
    ended.swap(core_->under_way);
  }
  for (const auto& [number, state] : ended) state->complete(reply_with(ZSESSIONEXPIRED));
  core_->watchers.end();
}

}  // namespace onyx::zookeeper
