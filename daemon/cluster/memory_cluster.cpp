#include "daemon/cluster/memory_cluster.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/cluster/coordinate_store.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/job_store.h"
#include "daemon/cluster/log_parameters.h"
#include "daemon/cluster/memory_store.h"
#include "daemon/cluster/pulses.h"
#include "daemon/cluster/refusals.h"
#include "daemon/concurrency/named_thread.h"

namespace onyx::cluster {
namespace {

using concurrency::MutexLock;
using PulseCallback = concurrency::RevocableCallback<>;

constexpr std::chrono::milliseconds kSessionTimeout{4'000};  // in name only: nothing runs out

tl::unexpected<Error> session_gone() {
  return failure(ErrorCode::unavailable, "the session with the cluster has ended");
}

class MemoryFollower final : public Follower {
 public:
  MemoryFollower(std::shared_ptr<MemoryStore> store, std::shared_ptr<MemorySession> session,
                 std::string tenancy, Position from, std::function<void(LogEvent)> on_event)
      : store_(std::move(store)),
        session_(std::move(session)),
        tenancy_(std::move(tenancy)),
        next_(from),
        on_event_(std::move(on_event)),
        thread_("log-follower", [this] { run(); }) {}

  ~MemoryFollower() override {
    {
      MutexLock lock(store_->mutex);
      stopped_ = true;
      store_->changed.notify_all();
    }
    thread_.join();
  }

 private:
  void run() {
    while (std::optional<LogEvent> event = next_event()) {
      const bool is_entry = std::holds_alternative<StoredEntry>(*event);
      on_event_(std::move(*event));
      if (!is_entry) return;
    }
  }

  std::optional<LogEvent> next_event() {
    MutexLock lock(store_->mutex);
    for (;; store_->changed.wait(store_->mutex)) {
      if (stopped_) return std::nullopt;
      if (session_->expired) return FollowLost{session_gone().value()};
      const MemoryTenancy& tenancy = store_->tenancies[tenancy_];
      if (next_ >= tenancy.first && next_ <= tenancy.newest()) {
        return tenancy.entries[static_cast<std::size_t>(next_++ - tenancy.first)];
      }
      if (next_ <= tenancy.origin.position) return BehindGc{tenancy.origin};
    }
  }

  const std::shared_ptr<MemoryStore> store_;
  const std::shared_ptr<MemorySession> session_;
  const std::string tenancy_;
  Position next_;
  const std::function<void(LogEvent)> on_event_;
  bool stopped_ = false;  // guarded by the store's mutex
  concurrency::NamedThread thread_;
};

class MemoryPulseWatch final : public PulseWatch {
 public:
  explicit MemoryPulseWatch(std::shared_ptr<PulseCallback> callback)
      : callback_(std::move(callback)) {}
  ~MemoryPulseWatch() override { callback_->revoke(); }

 private:
  const std::shared_ptr<PulseCallback> callback_;
};

// One session is all five seams at once; each call looks the tenancy up under the store's lock.
class MemoryClusterSession final : public Cluster,
                                   public CoordinationLog,
                                   public JobStore,
                                   public Pulses,
                                   public LogParameters,
                                   public CoordinateStore {
 public:
  MemoryClusterSession(std::shared_ptr<MemoryStore> store, std::string tenancy,
                       std::shared_ptr<MemorySession> session)
      : store_(std::move(store)), tenancy_(std::move(tenancy)), session_(std::move(session)) {}

  ~MemoryClusterSession() override { close(); }

  void close() override {
    session_->on_session.revoke();
    session_->expired = true;
    store_->drop_pulses(*session_);
  }

  CoordinationLog& log() override { return *this; }
  JobStore& jobs() override { return *this; }
  Pulses& pulses() override { return *this; }
  LogParameters& parameters() override { return *this; }
  CoordinateStore& coordinates() override { return *this; }
  SessionState session() const override {
    if (session_->expired) return SessionState::dead;
    return session_->fenced ? SessionState::fenced : SessionState::connected;
  }
  std::chrono::milliseconds session_timeout() const override { return kSessionTimeout; }
  std::shared_ptr<const Fence> fence() const override { return session_; }

  // CoordinationLog

  Result<Position> append(std::string_view text) override {
    if (text.size() > kEntryBytesMax) return entry_too_large(text.size());
    return with(
        [&](MemoryTenancy& tenancy) -> Result<Position> { return store_->append(tenancy, text); });
  }

  Result<std::optional<StoredEntry>> read(Position position) override {
    return with([&](MemoryTenancy& tenancy) -> Result<std::optional<StoredEntry>> {
      if (position < tenancy.first || position > tenancy.newest()) return std::nullopt;
      return tenancy.entries[static_cast<std::size_t>(position - tenancy.first)];
    });
  }

  Result<Position> newest() override {
    return with([](MemoryTenancy& tenancy) -> Result<Position> { return tenancy.newest(); });
  }

  Result<Origin> origin() override {
    return with([](MemoryTenancy& tenancy) -> Result<Origin> { return tenancy.origin; });
  }

  Result<void> set_origin(const Origin& next, Position expected_current) override {
    return with([&](MemoryTenancy& tenancy) -> Result<void> {
      if (next.position <= expected_current) return origin_goes_back(next, expected_current);
      if (tenancy.origin.position != expected_current) {
        return origin_moved(tenancy.origin.position, expected_current);
      }
      tenancy.origin = next;
      store_->changed.notify_all();
      return {};
    });
  }

  Result<void> truncate(Position below) override {
    return with([&](MemoryTenancy& tenancy) -> Result<void> {
      if (below > tenancy.origin.position + 1) {
        return origin_does_not_cover(below, tenancy.origin.position);
      }
      while (tenancy.first < below && !tenancy.entries.empty()) {
        tenancy.entries.pop_front();
        ++tenancy.first;
      }
      return {};
    });
  }

  std::unique_ptr<Follower> follow(Position from, std::function<void(LogEvent)> on_event) override {
    return std::make_unique<MemoryFollower>(store_, session_, tenancy_, from, std::move(on_event));
  }

  // JobStore

  Result<Submitted> submit(const JobSubmission& submission) override {
    ONYX_TRY(check_size(submission));
    return with([&](MemoryTenancy& tenancy) -> Result<Submitted> {
      const auto [hash, is_new] = tenancy.hashes.try_emplace(submission.job, submission.hash);
      if (hash->second != submission.hash) {
        return id_taken(submission.job);
      }
      if (!is_new) return Submitted{.already = true, .position = std::nullopt};
      for (const JobChunk& chunk : submission.chunks) {
        tenancy.chunks.try_emplace({submission.job, chunk.kind}, chunk.text);
      }
      if (submission.name) {
        store_->names[*submission.name].push_back({submission.job, tenancy_, store_->now()});
      }
      return Submitted{.already = false,
                       .position = store_->append(tenancy, submission.entry_text)};
    });
  }

  Result<std::optional<std::string>> hash(const JobId& job) override {
    return with([&](MemoryTenancy& tenancy) { return find(tenancy.hashes, job); });
  }

  Result<bool> put(const JobId& job, std::string_view kind, std::string_view text) override {
    return with([&](MemoryTenancy& tenancy) -> Result<bool> {
      return tenancy.chunks.try_emplace({job, std::string(kind)}, text).second;
    });
  }

  Result<std::optional<std::string>> get(const JobId& job, std::string_view kind) override {
    return with([&](MemoryTenancy& tenancy) {
      return find(tenancy.chunks, std::pair(job, std::string(kind)));
    });
  }

  Result<bool> put_exception(const JobId& job, std::string_view text) override {
    return with([&](MemoryTenancy& tenancy) -> Result<bool> {
      return tenancy.exceptions.try_emplace(job, text).second;
    });
  }

  Result<std::optional<std::string>> exception(const JobId& job) override {
    return with([&](MemoryTenancy& tenancy) { return find(tenancy.exceptions, job); });
  }

  Result<std::vector<NamedJob>> history(std::string_view name) override {
    return with([&](MemoryTenancy&) -> Result<std::vector<NamedJob>> {
      const auto it = store_->names.find(std::string(name));
      if (it == store_->names.end()) return std::vector<NamedJob>();
      return it->second;
    });
  }

  // Pulses

  Result<void> announce(const GroupId& group) override {
    return with([&](MemoryTenancy& tenancy) -> Result<void> {
      MemoryPulse& pulse = tenancy.pulses[group];
      if (pulse.owner != nullptr && pulse.owner != session_.get()) return pulse_taken(group);
      pulse.owner = session_.get();
      return {};
    });
  }

  Result<bool> exists(const GroupId& group) override {
    return with(
        [&](MemoryTenancy& tenancy) -> Result<bool> { return tenancy.pulses.contains(group); });
  }

  Result<std::vector<GroupId>> groups() override {
    return with([](MemoryTenancy& tenancy) -> Result<std::vector<GroupId>> {
      std::vector<GroupId> groups;
      for (const auto& [group, pulse] : tenancy.pulses) groups.push_back(group);
      return groups;
    });
  }

  Result<std::unique_ptr<PulseWatch>> watch(const GroupId& group,
                                            std::function<void()> on_gone) override {
    auto callback = std::make_shared<PulseCallback>(std::move(on_gone));
    const Result<bool> is_there = with([&](MemoryTenancy& tenancy) -> Result<bool> {
      const auto it = tenancy.pulses.find(group);
      if (it == tenancy.pulses.end()) return false;
      it->second.watches.push_back(callback);
      return true;
    });
    if (!is_there) return failure(is_there.error());
    if (!*is_there) callback->run_once();
    return std::make_unique<MemoryPulseWatch>(std::move(callback));
  }

  // LogParameters

  Result<std::string> create_or_read(std::string_view text) override {
    return with([&](MemoryTenancy& tenancy) -> Result<std::string> {
      if (!tenancy.parameters) tenancy.parameters = std::string(text);
      return *tenancy.parameters;
    });
  }

  Result<std::optional<std::string>> read() override {
    return with([](MemoryTenancy& tenancy) -> Result<std::optional<std::string>> {
      return tenancy.parameters;
    });
  }

  // CoordinateStore

  Result<StoredCoordinate> assume(const JobId& job) override {
    return with([&](MemoryTenancy& tenancy) -> Result<StoredCoordinate> {
      const auto [it, is_new] = tenancy.coordinates.try_emplace(job, StoredCoordinate{"nil", 0});
      if (!is_new) ++it->second.version;
      return it->second;
    });
  }

  Result<std::int32_t> write(const JobId& job, std::string_view text,
                             std::int32_t version) override {
    return with([&](MemoryTenancy& tenancy) -> Result<std::int32_t> {
      const auto it = tenancy.coordinates.find(job);
      if (it == tenancy.coordinates.end() || it->second.version != version) {
        return coordinator_deposed(job);
      }
      it->second = {std::string(text), version + 1};
      return version + 1;
    });
  }

  Result<std::optional<StoredCoordinate>> read(const JobId& job) override {
    return with([&](MemoryTenancy& tenancy) { return find(tenancy.coordinates, job); });
  }

 private:
  template <class Call>
  auto with(Call call) -> decltype(call(std::declval<MemoryTenancy&>())) {
    MutexLock lock(store_->mutex);
    if (session_->expired) return session_gone();
    return call(store_->tenancies[tenancy_]);
  }

  template <class Key, class Found>
  static Result<std::optional<Found>> find(const std::map<Key, Found>& map, const Key& key) {
    const auto it = map.find(key);
    if (it == map.end()) return std::nullopt;
    return it->second;
  }

  const std::shared_ptr<MemoryStore> store_;
  const std::string tenancy_;
  const std::shared_ptr<MemorySession> session_;
};

}  // namespace

MemoryCluster::MemoryCluster(const Clock* clock) : store_(std::make_shared<MemoryStore>(clock)) {}
MemoryCluster::~MemoryCluster() = default;

std::unique_ptr<Cluster> MemoryCluster::open(const std::string& tenancy, OnSession on_session) {
  auto session = std::make_shared<MemorySession>(std::move(on_session));
  {
    MutexLock lock(store_->mutex);
    std::erase_if(store_->sessions, [](const auto& known) { return known.expired(); });
    store_->sessions.push_back(session);
  }
  return std::make_unique<MemoryClusterSession>(store_, tenancy, std::move(session));
}

void MemoryCluster::expire_all() {
  std::vector<std::weak_ptr<MemorySession>> sessions;
  {
    MutexLock lock(store_->mutex);
    sessions.swap(store_->sessions);
  }
  for (const auto& known : sessions) {
    const std::shared_ptr<MemorySession> session = known.lock();
    if (!session || session->expired.exchange(true)) continue;
    store_->drop_pulses(*session);
    session->on_session.run(SessionState::dead);
  }
}

void MemoryCluster::fence_all(bool are_fenced) {
  std::vector<std::weak_ptr<MemorySession>> sessions;
  {
    MutexLock lock(store_->mutex);
    sessions = store_->sessions;
  }
  for (const auto& known : sessions) {
    const std::shared_ptr<MemorySession> session = known.lock();
    if (!session || session->expired || session->fenced.exchange(are_fenced) == are_fenced) {
      continue;
    }
    session->on_session.run(are_fenced ? SessionState::fenced : SessionState::connected);
  }
}

}  // namespace onyx::cluster
