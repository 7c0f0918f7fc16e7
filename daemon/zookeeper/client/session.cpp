#include "daemon/zookeeper/client/session.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "daemon/zookeeper/client/boot_clock.h"

namespace onyx::zookeeper {

using cluster::SessionState;
using concurrency::MutexLock;

namespace {

constexpr std::chrono::milliseconds kRepeatAfter{50};

class SessionFence final : public cluster::Fence {
 public:
  explicit SessionFence(std::shared_ptr<const Vitals> vitals) : vitals_(std::move(vitals)) {}
  bool is_open() const override {
    return !vitals_->is_over.load() &&
           !is_fenced(vitals_->heard.load(), vitals_->timeout.load(), boot_now());
  }

 private:
  const std::shared_ptr<const Vitals> vitals_;
};

Result<void> check_granted(std::chrono::milliseconds granted, std::chrono::milliseconds asked) {
  if (granted >= kSessionTimeoutMin && granted <= kSessionTimeoutMax) return {};
  return failure(
      ErrorCode::failed_precondition,
      fmt::format("ZooKeeper grants a session timeout of {} ms where {} ms were asked for; this "
                  "daemon needs between {} and {} ms: change tickTime, minSessionTimeout or "
                  "maxSessionTimeout of the servers, or :onyx.zookeeper/session-timeout-ms",
                  granted.count(), asked.count(), kSessionTimeoutMin.count(),
                  kSessionTimeoutMax.count()),
      "NET-50");
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(const HandleOptions& options,
                                               std::chrono::milliseconds connect_deadline,
                                               cluster::OnSession on_session, SessionWatch watch) {
  std::unique_ptr<Session> session(new Session(options.call_deadline, std::move(on_session)));
  ONYX_ASSIGN_OR_RETURN(
      session->handle_,
      Handle::open(options, [raw = session.get()](HandleEvent event) { raw->heard(event); }));
  ONYX_TRY(session->wait_connected(connect_deadline, options));
  ONYX_TRY(check_granted(session->handle_->session_timeout(), options.session_timeout));
  session->watch_ = std::move(watch);
  if (session->watch_.opened) session->watch_.opened(session->handle_->session_key());
  session->thread_ = concurrency::NamedThread("zk-session", [raw = session.get()] { raw->run(); });
  return session;
}

Session::Session(std::chrono::milliseconds call_deadline, cluster::OnSession on_session)
    : call_deadline_(call_deadline), on_session_(std::move(on_session)) {}

Session::~Session() { close(); }

void Session::close() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  thread_.join();
  bool is_known = false;
  {
    MutexLock lock(mutex_);
    is_known = newest_ == HandleEvent::connected || newest_ == HandleEvent::expired;
    state_ = SessionState::dead;
  }
  if (handle_ == nullptr) return;
  is_known = handle_->close() && is_known;
  if (is_known && watch_.closed) std::exchange(watch_.closed, nullptr)(handle_->session_id());
}

SessionState Session::state() const {
  MutexLock lock(mutex_);
  return state_;
}

std::shared_ptr<const cluster::Fence> Session::fence() const {
  return std::make_shared<SessionFence>(handle_->vitals());
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
                                     const HandleOptions& options) {
  const std::string& address = options.address;
  const auto until = std::chrono::steady_clock::now() + deadline;
  Greeting greeting(options.session_timeout);
  MutexLock lock(mutex_);
  while (newest_ == HandleEvent::disconnected) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= until) {
      return failure(ErrorCode::unavailable,
                     fmt::format("no ZooKeeper server answers at {} ({} ms tried)", address,
                                 deadline.count()));
    }
    if (greeting.is_overdue(handle_->is_greeting(), now)) handle_->reconnect();
    changed_.wait_until(mutex_, std::min(until, now + Greeting::kLook));
  }
  if (newest_ != HandleEvent::connected) {
    return failure(
        ErrorCode::permission_denied,
        fmt::format(
            "the ZooKeeper server at {} refuses {}", address,
            newest_ == HandleEvent::auth_failed ? "the credentials of this daemon" : "the session"),
        "NET-51");
  }
  state_ = SessionState::connected;
  return {};
}

void Session::heard(HandleEvent event) {
  MutexLock lock(mutex_);
  const bool is_final = newest_ == HandleEvent::expired || newest_ == HandleEvent::auth_failed;
  if (!is_final) newest_ = event;
  ++events_;
  changed_.notify_all();
}

SessionFacts Session::facts() const {
  SessionFacts facts;
  facts.heard = handle_->vitals()->heard.load();
  facts.is_connected = newest_ == HandleEvent::connected;
  facts.is_over = newest_ == HandleEvent::expired || newest_ == HandleEvent::auth_failed;
  facts.is_refused = newest_ == HandleEvent::auth_failed;
  facts.is_greeting = !facts.is_connected && handle_->is_greeting();
  return facts;
}

void Session::run() {
  SessionMachine machine(handle_->session_timeout());
  for (;;) {
    SessionMachine::Step step;
    std::uint64_t seen = 0;
    bool is_connected = false;
    {
      MutexLock lock(mutex_);
      if (stopping_) return;
      const SessionFacts known = facts();
      is_connected = known.is_connected;
      step = machine.step(known, boot_now());
      state_ = step.state;
      seen = events_;
    }
    const bool is_dead = step.state == SessionState::dead;
    if (is_dead) handle_->fence();
    if (step.has_changed) {
      spdlog::log(step.state == SessionState::connected ? spdlog::level::info : spdlog::level::warn,
                  "zookeeper session {}: {} session={:#x}", cluster::name_of(step.state), step.why,
                  handle_->session_id());
      if (on_session_) on_session_(step.state);
    }
    if (is_dead) return;
    if (step.should_reconnect) {
      spdlog::debug("zookeeper server does not answer on its connection, another one is made");
      handle_->reconnect();
    }
    if (step.should_probe) handle_->exists("/");
    if (is_connected) handle_->poll_watches();
    const auto pause = std::max<std::chrono::nanoseconds>(step.look_again - boot_now(), {});
    const auto until = std::chrono::steady_clock::now() + pause;
    MutexLock lock(mutex_);
    while (!stopping_ && events_ == seen && changed_.wait_until(mutex_, until)) {
    }
  }
}

}  // namespace onyx::zookeeper
