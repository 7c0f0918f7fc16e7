#include "daemon/runtime/peer_group.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>

#include "common/base/cases.h"
#include "daemon/concurrency/bounded_queue.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/runtime/backlog.h"
#include "daemon/runtime/incarnation.h"
#include "daemon/runtime/outbox.h"

namespace onyx::runtime {

namespace {

constexpr std::chrono::milliseconds kBetweenIncarnations{200};

// One per incarnation: closing it frees whoever still wants to post to an incarnation that is over.
using Events = concurrency::BoundedQueue<GroupEvent>;

// ZooKeeper will not have us, and asking again changes nothing.
bool is_refused(const Error& error) { return error.code() == ErrorCode::permission_denied; }

constexpr std::size_t kRoomForReports = 1'000;  // beside the log's entries

}  // namespace

struct PeerGroup::Impl {
  Impl(GroupSettings s, cluster::OpenCluster open, const plugins::Registry& p, Workers& w,
       IdSource& i, std::function<void(const AppliedEntry&)> applied,
       std::function<void(const replica::Replica&, Position)> start_from)
      : settings(std::move(s)),
        open_cluster(std::move(open)),
        plugins(p),
        workers(w),
        ids(i),
        on_applied(std::move(applied)),
        on_start_from(std::move(start_from)) {}

  const GroupSettings settings;
  const cluster::OpenCluster open_cluster;
  const plugins::Registry& plugins;
  Workers& workers;
  IdSource& ids;
  const std::function<void(const AppliedEntry&)> on_applied;
  const std::function<void(const replica::Replica&, Position)> on_start_from;

  std::atomic<std::size_t> peers{settings.peers};  // that the next incarnation begins with
  std::atomic<std::int64_t> stale{0};              // refused, in all lives
  Heritage heritage{&peers, &stale};               // the group thread's
  std::promise<Result<void>> started;
  bool has_answered = false;  // `started`; the group thread's

  mutable std::mutex mutex;
  bool stopping = false;                            // guarded by mutex
  std::shared_ptr<Events> events;                   // guarded by mutex; of the current incarnation
  std::optional<Handle> handle;                     // guarded by mutex
  std::shared_ptr<const replica::Replica> replica;  // guarded by mutex
  std::shared_ptr<Incarnation> current;  // guarded by mutex; changed by the group thread only
  std::optional<Error> halted_by;        // guarded by mutex
  concurrency::NamedThread thread;

  void live();
  bool live_once();  // false: stop
  void halt(const Error& error, Events& inbox);
  void publish(Incarnation* incarnation);
  void answer(Result<void> result) {
    if (!std::exchange(has_answered, true)) started.set_value(std::move(result));
  }
};

void PeerGroup::Impl::publish(Incarnation* incarnation) {
  std::lock_guard lock(mutex);
  if (incarnation == nullptr) {
    handle.reset();
    return;
  }
  replica = incarnation->replica();
  if (incarnation->is_ready()) {
    if (!handle.has_value()) handle = incarnation->handle();
  }
}

void PeerGroup::Impl::live() {
  while (live_once()) {
  }
}

bool PeerGroup::Impl::live_once() {
  auto inbox = std::make_shared<Events>(settings.inbox_capacity + kRoomForReports);
  {
    std::lock_guard lock(mutex);
    if (stopping) return false;
    events = inbox;
  }
  auto begun = Incarnation::begin(settings, heritage, open_cluster, plugins, workers, ids,
                                  [inbox](GroupEvent event) { inbox->push(std::move(event)); });
  if (!begun.has_value()) {
    if (!has_answered) {
      answer(tl::unexpected(begun.error()));
      return false;
    }
    if (is_refused(begun.error())) {
      halt(begun.error(), *inbox);
      return false;
    }
    spdlog::warn("cluster not joined, trying again: {}", begun.error().text());
    const auto again = std::chrono::steady_clock::now() + kBetweenIncarnations;
    while (auto event = inbox->pop_until(again)) {
      if (std::holds_alternative<StopAsked>(*event)) return false;
    }
    return true;
  }
  std::shared_ptr<Incarnation> incarnation = std::move(*begun);
  on_start_from(*incarnation->replica(), incarnation->started_from());
  spdlog::info("this group asks to join group={} tenancy={} position={}",
               incarnation->group().text(), settings.execution.tenancy, incarnation->position());

  bool stops = false;
  bool starts_over = false;
  std::optional<Error> broken;
  bool was_ready = false;
  Backlog backlog(settings.inbox_capacity);
  while (!stops && !starts_over && !broken.has_value()) {
    const auto due = incarnation->append_due(Workers::now());
    auto event = due.has_value() ? inbox->pop_until(*due) : inbox->pop();
    if (!event.has_value()) continue;
    std::visit(Cases{
                   [&](LogArrived& arrived) {
                     std::visit(Cases{
                                    [&](const cluster::StoredEntry& entry) {
                                      starts_over = incarnation->apply(entry, on_applied) ==
                                                    Incarnation::Next::start_over;
                                    },
                                    [&](const cluster::BehindGc&) {
                                      spdlog::warn(
                                          "a gc has passed this group, it starts over group={} "
                                          "position={}",
                                          incarnation->group().text(), incarnation->position());
                                      starts_over = true;
                                    },
                                    [&](const cluster::FollowLost& lost) {
                                      spdlog::error("log cannot be followed: {}",
                                                    lost.error.text());
                                      if (lost.has_hole || is_refused(lost.error)) {
                                        broken = lost.error;
                                      } else {
                                        starts_over = true;
                                      }
                                    },
                                },
                                arrived.event);
                   },
                   [&](const SessionChanged& session) {
                     starts_over = session.state == cluster::SessionState::dead;
                     if (starts_over)
                       spdlog::warn("this group starts over group={} position={}",
                                    incarnation->group().text(), incarnation->position());
                   },
                   [&](const PulseGone& gone) { incarnation->pulse_gone(gone.group); },
                   [&](const TaskFailed& failed) { incarnation->task_failed(failed.failure); },
                   [&](const JobCompleted& completed) { incarnation->job_completed(completed); },
                   [&](const AppendLost& lost) {
                     spdlog::error("entry not appended: {}", lost.error.text());
                     if (is_refused(lost.error)) broken = lost.error;
                     starts_over = lost.error.code() == ErrorCode::unavailable ||
                                   lost.error.code() == ErrorCode::deadline_exceeded;
                   },
                   [&](const StopAsked&) { stops = true; },
                   [](const Asked& asked) { asked.answer->set_value(); },
               },
               *event);
    publish(incarnation.get());
    if (was_ready) {
      const std::size_t waiting = inbox->size();
      if (const auto is_behind = backlog.changed(waiting)) {
        spdlog::log(*is_behind ? spdlog::level::warn : spdlog::level::info,
                    "this group {} position={} waiting={}",
                    *is_behind ? "falls behind the log" : "has caught up with the log",
                    incarnation->position(), waiting);
      }
    }
    if (!was_ready && incarnation->is_ready()) {
      was_ready = true;
      {
        std::lock_guard lock(mutex);
        current = incarnation;
      }
      spdlog::info("this group is ready group={} peers={} position={}", incarnation->group().text(),
                   peers.load(), incarnation->position());
      answer({});
    }
  }
  heritage.is_drained = incarnation->is_drained();
  heritage.former = incarnation->group();
  heritage.former_read = std::max(heritage.former_read, incarnation->position());
  publish(nullptr);
  {
    std::lock_guard lock(mutex);
    current.reset();
  }
  if (!broken.has_value()) inbox->close();
  incarnation->end(stops);
  if (!broken.has_value()) return !stops;
  incarnation.reset();
  halt(*broken, *inbox);
  return false;
}

// The log itself is broken, or ZooKeeper refuses us, and whoever starts over would meet the same: so this group writes nothing
// more, and waits for people.
void PeerGroup::Impl::halt(const Error& error, Events& inbox) {
  spdlog::critical("this group has stopped; mend this and restart the daemon: {}", error.text());
  {
    std::lock_guard lock(mutex);
    halted_by = error;
  }
  answer(tl::unexpected(error));
  while (auto event = inbox.pop()) {
    if (std::holds_alternative<StopAsked>(*event)) break;
    if (const auto* asked = std::get_if<Asked>(&*event)) asked->answer->set_value();
  }
  inbox.close();
}

PeerGroup::PeerGroup(GroupSettings settings, cluster::OpenCluster open_cluster,
                     const plugins::Registry& plugins, Workers& workers, IdSource& ids,
                     std::function<void(const AppliedEntry&)> on_applied,
                     std::function<void(const replica::Replica&, Position)> on_start_from)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(open_cluster), plugins, workers,
                                   ids, std::move(on_applied), std::move(on_start_from))) {}

PeerGroup::~PeerGroup() { stop(); }

Result<void> PeerGroup::start() {
  auto answer = impl_->started.get_future();
  impl_->thread = concurrency::NamedThread("group", [impl = impl_.get()] { impl->live(); });
  if (answer.wait_for(impl_->settings.join_deadline) != std::future_status::ready) {
    stop();
    return failure(ErrorCode::deadline_exceeded,
                   fmt::format("the cluster was not joined within {} ms",
                               impl_->settings.join_deadline.count()));
  }
  return answer.get();
}

void PeerGroup::stop() {
  std::shared_ptr<Events> events;
  {
    std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    events = impl_->events;
  }
  if (events != nullptr) events->push(StopAsked{});
  impl_->thread.join();
}

bool PeerGroup::answers_by(std::chrono::steady_clock::time_point deadline) {
  std::shared_ptr<Events> events;
  {
    std::lock_guard lock(impl_->mutex);
    events = impl_->events;
  }
  auto answer = std::make_shared<std::promise<void>>();
  auto answered = answer->get_future();
  if (events == nullptr || !events->try_push(Asked{answer})) return false;
  return answered.wait_until(deadline) == std::future_status::ready;
}

std::optional<PeerGroup::Handle> PeerGroup::handle() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->handle;
}

std::optional<Error> PeerGroup::halted_by() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->halted_by;
}

std::shared_ptr<const replica::Replica> PeerGroup::replica() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->replica;
}

Result<std::vector<PeerId>> PeerGroup::add_peers(std::size_t count) {
  std::shared_ptr<Incarnation> incarnation;
  {
    std::lock_guard lock(impl_->mutex);
    incarnation = impl_->current;
  }
  if (incarnation == nullptr)
    return failure(ErrorCode::unavailable, "the group is joining the cluster; try again");
  const auto replica = this->replica();
  const GroupId self = incarnation->group();
  if (const replica::Group* group = replica->groups.find(self); group != nullptr && group->drained)
    return failure(ErrorCode::failed_precondition,
                   fmt::format("group {} is drained: it takes no peers until it is undrained, and "
                               "then brings {} back; onyxctl group undrain {}",
                               self.text(), group->drained->peers, self.text().substr(0, 8)),
                   "NET-43");
  auto peers = incarnation->ask_for(count);
  if (!incarnation->handle().outbox->append(incarnation->add_peers_draft(peers))) {
    impl_->peers -= count;
    return failure(ErrorCode::unavailable, "the group is leaving the cluster");
  }
  return peers;
}

Result<Position> PeerGroup::remove_peer(const PeerId& peer) {
  std::shared_ptr<Incarnation> incarnation;
  {
    std::lock_guard lock(impl_->mutex);
    incarnation = impl_->current;
  }
  if (incarnation == nullptr)
    return failure(ErrorCode::unavailable, "the group is joining the cluster; try again");
  incarnation->let_go(peer);
  const Handle self = incarnation->handle();
  auto appended = std::make_shared<std::promise<Result<Position>>>();
  auto answer = appended->get_future();
  coordination::LeaveCluster leave{peer, "removed on request"};
  const bool queued = self.outbox->append(
      {leave, self.group.text(), std::nullopt},
      [appended](Result<Position> result) { appended->set_value(std::move(result)); });
  if (!queued) return failure(ErrorCode::unavailable, "the group is leaving the cluster");
  auto written = answer.get();
  if (written.has_value() && impl_->peers > 0) --impl_->peers;
  return written;
}

}  // namespace onyx::runtime
