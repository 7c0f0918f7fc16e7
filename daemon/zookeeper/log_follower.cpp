#include "daemon/zookeeper/log_follower.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "daemon/zookeeper/zookeeper_log.h"

namespace onyx::zookeeper {

using concurrency::MutexLock;

namespace {

constexpr Position kReadAhead = 64;
constexpr std::chrono::milliseconds kPollUnwatched{
    50};  // while the session has no room for a watch
constexpr std::chrono::milliseconds kPollPeriod{2'000};  // in case a watch was missed
constexpr std::chrono::milliseconds kRetryAfter{100};    // while the connection is lost

}  // namespace

LogFollower::LogFollower(Session& session, const Paths& paths, cluster::CoordinationLog& log,
                         Position from, std::function<void(cluster::LogEvent)> on_event)
    : session_(session),
      paths_(paths),
      log_(log),
      on_event_(std::move(on_event)),
      next_(from),
      watch_(session.handle().watchers().add([this](WatchEvent) {
        MutexLock lock(mutex_);
        fired_ = true;
        changed_.notify_all();
      })),
      thread_("log-follower", [this] { run(); }) {}

LogFollower::~LogFollower() {
  session_.handle().watchers().drop(watch_);
  {
    MutexLock lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void LogFollower::run() {
  while (!is_stopped()) {
    const Going going = next_ <= known_ ? read_ahead() : await_next();
    if (going == Going::ended) return;
  }
}

LogFollower::Going LogFollower::read_ahead() {
  std::vector<Call> calls;
  const Position last = std::min(known_, next_ + kReadAhead - 1);
  for (Position position = next_; position <= last; ++position) {
    calls.push_back(session_.handle().get(paths_.entry(position)));
  }
  for (Call& call : calls) {
    Reply reply = call.wait();
    if (is_stopped()) return Going::ended;
    if (reply.code == Code::no_node) return explain_absence();
    if (!reply.ok()) return trouble(reply, fmt::format("reading log entry {}", next_));
    deliver(std::move(reply));
  }
  return Going::on;
}

LogFollower::Going LogFollower::await_next() {
  Call next = session_.handle().exists(paths_.entry(next_), watch_);
  Call log = session_.handle().exists(paths_.log());
  const Reply next_reply = next.wait();
  const Reply log_reply = log.wait();
  if (!next_reply.ok() && next_reply.code != Code::no_node) {
    return trouble(next_reply, fmt::format("watching log entry {}", next_));
  }
  if (!log_reply.ok()) return trouble(log_reply, "reading the length of the log");
  known_ = std::max(newest_position(log_reply.stat), next_reply.ok() ? next_ : Position{-1});
  if (known_ >= next_) return Going::on;
  if (wait(next_reply.is_polled ? kPollUnwatched : kPollPeriod)) known_ = next_;
  return Going::on;
}

LogFollower::Going LogFollower::explain_absence() {
  Result<cluster::Origin> origin = log_.origin();
  if (origin && next_ <= origin->position) {
    return end(cluster::BehindGc{std::move(*origin)});
  }
  const Result<Position> newest = log_.newest();
  if (!origin || !newest) {
    const Error& error = origin ? newest.error() : origin.error();
    const bool can_pass =
        error.code() == ErrorCode::deadline_exceeded ||
        (error.code() == ErrorCode::unavailable && session_.state() != cluster::SessionState::dead);
    if (!can_pass) return end(cluster::FollowLost{error});
    wait(kRetryAfter);
    return Going::on;
  }
  known_ = *newest;
  if (next_ > known_) return Going::on;
  Reply again = session_.handle().get(paths_.entry(next_)).wait();
  if (again.ok()) return deliver(std::move(again));
  if (again.code != Code::no_node) return trouble(again, fmt::format("reading entry {}", next_));
  // The entry may have been collected since the origin was read.
  origin = log_.origin();
  if (!origin) {
    wait(kRetryAfter);
    return Going::on;
  }
  if (next_ <= origin->position) return end(cluster::BehindGc{std::move(*origin)});
  Error hole(
      ErrorCode::internal,
      fmt::format("the log has a hole at position {} (it reaches to {}, its origin is at {}): "
                  "something else than entries was created under {}, or an entry was deleted",
                  next_, known_, origin->position, paths_.log()));
  return end(cluster::FollowLost{std::move(hole), true});
}

LogFollower::Going LogFollower::deliver(Reply reply) {
  on_event_(cluster::StoredEntry{next_, std::move(reply.text), reply.stat.created_at_ms});
  ++next_;
  return Going::on;
}

LogFollower::Going LogFollower::trouble(const Reply& reply, std::string_view doing) {
  if (!reply.is_ambiguous()) return end(cluster::FollowLost{to_error(reply.code, doing)});
  wait(kRetryAfter);
  return Going::on;
}

LogFollower::Going LogFollower::end(cluster::LogEvent event) {
  if (!is_stopped()) on_event_(std::move(event));
  return Going::ended;
}

bool LogFollower::wait(std::chrono::milliseconds at_most) {
  const auto until = std::chrono::steady_clock::now() + at_most;
  MutexLock lock(mutex_);
  while (!fired_ && !stopped_) {
    if (!changed_.wait_until(mutex_, until)) break;
  }
  return std::exchange(fired_, false);
}

bool LogFollower::is_stopped() {
  MutexLock lock(mutex_);
  return stopped_;
}

}  // namespace onyx::zookeeper
