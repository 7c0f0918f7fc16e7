#include "daemon/query/replica_feed.h"

#include <algorithm>

#include "common/edn/printer.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/query/entry_words.h"

namespace onyx::query {

namespace {
// How often an abandoned call is noticed.
constexpr std::chrono::milliseconds kLookForAbandoned{200};
}  // namespace

ReplicaFeed::ReplicaFeed()
    : replica_(std::make_shared<const replica::Replica>(replica::base_replica({}))) {}

void ReplicaFeed::start_from(const replica::Replica& replica, Position origin) {
  std::lock_guard lock(mutex_);
  origin_ = origin;
  if (has_started_ && replica.version <= replica_->version)
    return;  // it will be read up to here again
  has_started_ = true;
  replica_ = std::make_shared<const replica::Replica>(replica);
  entries_.clear();
  changed_.notify_all();
}

void ReplicaFeed::applied(const runtime::AppliedEntry& applied) {
  if (applied.entry.position <= position()) return;  // read again by a group that has started over
  EntryInWords words;
  words.position = applied.entry.position;
  words.created_at_ms = applied.entry.created_at_ms;
  words.fn = coordination::name_of(applied.entry.command);
  words.subject = subject_of(applied.entry, *applied.replica);
  words.effect = effect_of(applied.diff, *applied.replica);
  words.args_edn = edn::print(coordination::to_edn(applied.entry).get("args"));
  words.is_rejected = applied.diff.rejected() != nullptr;
  {
    std::lock_guard lock(mutex_);
    replica_ = applied.replica;
    entries_.push_back(std::move(words));
    if (entries_.size() > kEntriesKept) entries_.pop_front();
    for (const auto& job : applied.diff.jobs) {
      if (job.has_peers) started_.emplace(job.job, applied.entry.created_at_ms);
    }
    if (const auto* gc = std::get_if<coordination::Collected>(&applied.diff.change)) {
      origin_ = applied.entry.position;
      for (const JobId& job : gc->forgotten) started_.erase(job);
    }
    changed_.notify_all();
  }
  std::lock_guard lock(listeners_mutex_);
  for (auto& [id, listener] : listeners_) listener(applied.replica);
}

ReplicaFeed::Snapshot ReplicaFeed::replica() const {
  std::lock_guard lock(mutex_);
  return replica_;
}

ReplicaFeed::Snapshot ReplicaFeed::wait_for(
    const std::function<bool(const replica::Replica&)>& holds, Instant deadline,
    const std::function<bool()>& is_abandoned) const {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (holds(*replica_)) return replica_;
    const Instant now =
        std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now());
    if (now >= deadline || is_abandoned()) return nullptr;
    changed_.wait_until(lock, std::min<Instant>(deadline, now + kLookForAbandoned));
  }
}

std::shared_ptr<void> ReplicaFeed::listen(std::function<void(const Snapshot&)> listener) {
  std::lock_guard lock(listeners_mutex_);
  const std::uint64_t id = next_listener_++;
  listeners_.emplace(id, std::move(listener));
  return std::shared_ptr<void>(nullptr, [this, id](void*) {
    std::lock_guard inner(listeners_mutex_);
    listeners_.erase(id);
  });
}

std::vector<EntryInWords> ReplicaFeed::entries(Position from, std::size_t limit) const {
  std::lock_guard lock(mutex_);
  std::vector<EntryInWords> out;
  if (entries_.empty()) return out;
  const Position first = entries_.front().position;
  for (std::size_t i = static_cast<std::size_t>(std::max<Position>(from - first, 0));
       i < entries_.size() && out.size() < limit; ++i) {
    if (entries_[i].position >= origin_) out.push_back(entries_[i]);
  }
  return out;
}

Position ReplicaFeed::oldest_kept() const {
  std::lock_guard lock(mutex_);
  return entries_.empty() ? replica_->version + 1 : entries_.front().position;
}

WallTimeMs ReplicaFeed::started_at_ms(const JobId& job) const {
  std::lock_guard lock(mutex_);
  auto it = started_.find(job);
  return it == started_.end() ? 0 : it->second;
}

Position ReplicaFeed::origin() const {
  std::lock_guard lock(mutex_);
  return origin_;
}

}  // namespace onyx::query
