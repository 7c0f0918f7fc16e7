#include "daemon/runtime/perform.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>

#include "common/base/cases.h"
#include "common/edn/printer.h"
#include "daemon/replica/queries.h"
#include "daemon/replica/replica_edn.h"
#include "daemon/runtime/incarnation.h"

namespace onyx::runtime {

namespace {

using edn::Value;

// None for a peer of our own.
messaging::Site site_of(const replica::Replica& replica, const PeerId& peer, const GroupId& self) {
  const auto group = replica::group_of(replica, peer);
  if (!group.has_value() || *group == self) return {};
  return {*group, std::string(replica::addresses_of(replica::site_of(replica, peer)))};
}

JobPlacement placement_of(const replica::Replica& replica, const replica::Job& job,
                          const GroupId& self) {
  JobPlacement placement;
  for (std::size_t task = 0; task < job.seats.size(); ++task) {
    for (std::size_t slot = 0; slot < job.seats[task].size(); ++slot) {
      const PeerId& peer = job.seats[task][slot];
      placement.seats.push_back({job.spec->tasks[task].id, static_cast<SlotId>(slot), peer,
                                 site_of(replica, peer, self),
                                 std::string(replica::host_of(replica::site_of(replica, peer)))});
    }
  }
  if (job.coordinator.has_value()) placement.coordinator = site_of(replica, *job.coordinator, self);
  return placement;
}

// A pause before a join is tried again: uniform around the mean, which grows with the failures in a row up to 32-fold.
std::chrono::milliseconds join_pause(std::chrono::milliseconds mean, std::int64_t failures) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const std::int64_t limit =
      2 * mean.count() * (std::int64_t{1} << std::min<std::int64_t>(failures - 1, 5));
  return std::chrono::milliseconds(
      std::uniform_int_distribution<std::int64_t>(0, std::max<std::int64_t>(limit, 1))(random));
}

}  // namespace

std::string event_name(coordination::SchedulerEvent event) {
  switch (event) {
    case coordination::SchedulerEvent::peer_reallocated:
      return "peer-reallocated";
    case coordination::SchedulerEvent::peer_left:
      return "peer-left";
    case coordination::SchedulerEvent::job_killed:
      return "job-killed";
    case coordination::SchedulerEvent::job_completed:
      return "job-completed";
  }
  return "peer-reallocated";
}

std::string exception_text(const TaskFailure& failed) {
  Value map = Value::map({
      {Value::keyword("message"), Value::string(failed.failure.message)},
      {Value::keyword("data"), failed.failure.data.is_nil() ? Value::map() : failed.failure.data},
      {Value::keyword("phase"), Value::keyword(failed.failure.phase)},
      {Value::keyword("text"), Value::string(failed.failure.text)},
  });
  if (!failed.task.empty()) {
    map = std::move(map).assoc(Value::keyword("task"), Value::keyword(failed.task.text()));
    map = std::move(map).assoc(Value::keyword("peer"), Value::string(failed.peer.text()));
  }
  return edn::print(map);
}

// Tasks of one job start and stop together here: what the effects say of single tasks is gathered by job.
void Incarnation::start_and_stop_jobs(const std::vector<coordination::Effect>& effects) {
  std::map<JobId, ReplicaVersion> starts;
  std::map<JobId, coordination::SchedulerEvent> stops;
  std::set<JobId> finished;
  for (const auto& effect : effects) {
    std::visit(Cases{
                   [&](const coordination::StartTask& e) { starts[e.job] = e.version; },
                   [&](const coordination::RecoverTask& e) { starts[e.job] = e.version; },
                   [&](const coordination::StopTask& e) { stops[e.job] = e.event; },
                   [&](const coordination::JobFinished& e) { finished.insert(e.job); },
                   [](const auto&) {},
               },
               effect);
  }
  for (const auto& [job, event] : stops) {
    if (!starts.contains(job)) launcher_->stop(job, event_name(event));
  }
  for (const auto& [id, version] : starts) {
    const replica::Job* job = replica::find_job(replica_, id);
    if (job == nullptr || !job->has_peers()) continue;
    launcher_->start(id, version, placement_of(replica_, *job, self_.group));
  }
  for (const JobId& job : finished) launcher_->forget(job);
}

void Incarnation::perform(const std::vector<coordination::Effect>& effects, Next& next) {
  start_and_stop_jobs(effects);
  for (const auto& effect : effects) {
    std::visit(
        Cases{
            [&](const coordination::WatchPulses& e) { watch(e.groups); },
            [&](const coordination::ProbePulse& e) {
              errands_->post([this, group = e.group] {
                auto exists = cluster_->pulses().exists(group);
                if (exists.has_value() && !*exists) post_(PulseGone{group});
              });
            },
            [&](const coordination::AppendAfterBackOff& e) {
              due_.emplace(Workers::now() + join_pause(settings_.join_back_off, e.failures),
                           e.draft);
            },
            [&](const coordination::RestartGroup&) {
              spdlog::warn("this group was declared dead and starts over group={} position={}",
                           self_.group.text(), replica_.version);
              next = Next::start_over;
            },
            [&](const coordination::RestartPeer& e) {
              {
                std::lock_guard lock(mutex_);
                if (let_go_.erase(e.peer) > 0) return;
              }
              spdlog::warn("peer was evicted and comes back under a new id peer={} position={}",
                           e.peer.text(), replica_.version);
              auto fresh = new_peers(1);
              std::replace(peers_.begin(), peers_.end(), e.peer, fresh.front());
              append(add_peers_draft(std::move(fresh)));
            },
            [&](const coordination::BringPeersBack&) {
              peers_ = new_peers(heritage_.peers->load());
              if (!peers_.empty()) append(add_peers_draft(peers_));
            },
            [&](const coordination::StopDaemon&) {
              spdlog::info("this daemon was asked to end group={} position={}", self_.group.text(),
                           replica_.version);
              if (settings_.stop_daemon) settings_.stop_daemon();
            },
            [&](const coordination::TruncateLog& e) { truncate(e.position); },
            // Whole jobs start and stop above; nothing outlives an execution yet.
            [](const coordination::JobFinished&) {},
            [](const coordination::StopTask&) {},
            [](const coordination::StartTask&) {},
            [](const coordination::RecoverTask&) {},
            [](const coordination::StopCoordinator&) {},
            [](const coordination::StartCoordinator&) {},
            [](const coordination::RecoverCoordinator&) {},
            [](const coordination::DropJobState&) {},
            [](const coordination::JobAllocationChanged&) {},
        },
        effect);
  }
}

void Incarnation::watch(const std::set<GroupId>& groups) {
  std::erase_if(watches_, [&](const auto& watch) { return !groups.contains(watch.first); });
  for (const GroupId& group : groups) {
    if (watches_.contains(group)) continue;
    auto watch = cluster_->pulses().watch(group, [post = post_, group] { post(PulseGone{group}); });
    if (watch.has_value()) {
      watches_.emplace(group, std::move(*watch));
    } else {
      spdlog::warn("pulse cannot be watched group={}: {}", group.text(), watch.error().text());
    }
  }
  self_.watching = groups;
}

void Incarnation::truncate(Position position) {
  errands_->post([this, position, snapshot = published_] {
    auto origin = cluster_->log().origin();
    if (origin.has_value() && origin->position < position) {
      cluster::Origin next{position, edn::print(replica::to_edn(*snapshot))};
      auto set = cluster_->log().set_origin(next, origin->position);
      if (set.has_value()) set = cluster_->log().truncate(position);  // the gc entry itself stays
      if (!set.has_value()) {
        spdlog::warn("log not truncated position={}: {}", position, set.error().text());
        return;
      }
      spdlog::info("log truncated origin={}", position);
    }
  });
}

}  // namespace onyx::runtime
