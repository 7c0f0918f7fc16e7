#include "daemon/zookeeper/client/session.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/zookeeper/client/boot_clock.h"

namespace onyx::zookeeper {

using cluster::SessionState;
using concurrency::MutexLock;

namespace {

constexpr std::chrono::milliseconds kRepeatAfter{50};

}  // namespace

Result<std::unique_ptr<Session>> Session::open(const HandleOptions& options,
                                               std::chrono::milliseconds connect_deadline,
                                               cluster::OnSession on_session) {
  std::unique_ptr<Session> session(new Session(options.call_deadline, std::move(on_session)));
  ONYX_ASSIGN_OR_RETURN(
      session->handle_,
      Handle::open(options, [raw = session.get()](HandleEvent event) { raw->heard(event); }));
  ONYX_TRY(session->wait_connected(connect_deadline, options.address));
  session->timeout_ = session->handle_->session_timeout();
  session->thread_ = concurrency::NamedThread("zk-session", [raw = session.get()] { raw->run(); });
  return session;
}

Session::Session(std::chrono::milliseconds call_deadline, cluster::OnSession on_session)
    : call_deadline_(call_deadline), on_session_(std::move(on_session)) {}

Session::~Session() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

SessionState Session::state() const {
  MutexLock lock(mutex_);
  return state_;
}

Reply Session::repeat(const std::function<Call()>& request) const {
  const auto deadline = std::chrono::steady_clock::now() + call_deadline_;
  for (;;) {
    Reply reply = request().wait();
    if (!reply.is_ambiguous()) return reply;
    const auto again = std::chrono::steady_clock::now() + kRepeatAfter;
    if (again >= deadline) return reply;
    MutexLock lock(mutex_);
    while (!stopping_ && changed_.wait_until(mutex_, again)) {
    }
    if (stopping_) return reply;
  }
}

Result<void> Session::wait_connected(std::chrono::milliseconds deadline,
                                     const std::string& address) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  MutexLock lock(mutex_);
  while (newest_ == HandleEvent::disconnected) {
    if (changed_.wait_until(mutex_, until)) continue;
    return failure(
        ErrorCode::unavailable,
        fmt::format("no ZooKeeper server answers at {} ({} ms tried)", address, deadline.count()));
  }
  if (newest_ == HandleEvent::expired) {
    return failure(ErrorCode::permission_denied,
                   fmt::format("the ZooKeeper server at {} refuses the session", address));
  }
  state_ = SessionState::connected;
  return {};
}

void Session::heard(HandleEvent event) {
  MutexLock lock(mutex_);
  if (newest_ != HandleEvent::expired) newest_ = event;
  ++events_;
  changed_.notify_all();
}

SessionState Session::judge(Instant now) const {
  const auto silence = now - handle_->last_heard();
  if (newest_ == HandleEvent::expired || silence >= timeout_) return SessionState::expired;
  if (newest_ == HandleEvent::disconnected || silence >= timeout_ / 3) return SessionState::suspect;
  return SessionState::connected;
}

void Session::run() {
  const std::chrono::milliseconds period = timeout_ / 6;
  for (;;) {
    SessionState now_is{};
    bool changed = false;
    bool silent = false;
    std::uint64_t seen = 0;
    {
      MutexLock lock(mutex_);
      if (stopping_) return;
      const Instant now = boot_now();
      now_is = judge(now);
      changed = now_is != state_;
      state_ = now_is;
      seen = events_;
      silent = now - handle_->last_heard() >= period / 2;
    }
    if (now_is == SessionState::expired) handle_->fence();
    if (changed) {
      spdlog::info("zookeeper session {}", name_of(now_is));
      if (on_session_) on_session_(now_is);
    }
    if (now_is == SessionState::expired) return;
    if (silent) handle_->exists("/");
    MutexLock lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + period;
    while (!stopping_ && events_ == seen && changed_.wait_until(mutex_, until)) {
    }
  }
}

}  // namespace onyx::zookeeper
