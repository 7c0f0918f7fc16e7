#include "daemon/runtime/incarnation.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "daemon/cluster/job_store.h"
#include "daemon/cluster/log_parameters.h"
#include "daemon/coordination/change_lines.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/replica/queries.h"
#include "daemon/replica/replica_edn.h"
#include "daemon/runtime/perform.h"

namespace onyx::runtime {

namespace {

using edn::Value;

// What every group of a tenancy must agree on, as it stands in the store.
std::string encode_parameters(const GroupSettings& settings, std::string token) {
  return edn::print(Value::map({
      {Value::keyword("job-scheduler"), Value::keyword(settings.job_scheduler)},
      {Value::keyword("log-version"), Value::integer(settings.parameters.log_version)},
      {Value::keyword("token"), Value::string(token)},
  }));
}

// The secret that the groups of a tenancy know each other by; whoever comes first chooses it.
std::string token_in(const std::string& stored) {
  const auto read = edn::read(stored);
  if (!read.has_value() || !read->get("token").is_string()) return {};
  return std::string(read->get("token").as_string());
}

Result<void> check_parameters(const std::string& stored, const GroupSettings& settings) {
  const auto read = edn::read(stored);
  if (!read.has_value()) {
    return failure(ErrorCode::failed_precondition,
                   "the tenancy's log parameters cannot be read: " + stored);
  }
  const Value& version = read->get("log-version");
  if (!version.is_integer() || version.as_integer() != settings.parameters.log_version) {
    return failure(
        ErrorCode::failed_precondition,
        fmt::format("tenancy {} has log version {}, this daemon reads and writes {}: use another "
                    "tenancy, or the version that made it",
                    settings.execution.tenancy, edn::print(version),
                    settings.parameters.log_version));
  }
  const Value& scheduler = read->get("job-scheduler");
  if (!scheduler.is_keyword(settings.job_scheduler)) {
    return failure(
        ErrorCode::failed_precondition,
        fmt::format(":onyx.peer/job-scheduler is {} in tenancy {}, but :{} in this configuration",
                    edn::print(scheduler), settings.execution.tenancy, settings.job_scheduler));
  }
  return {};
}

}  // namespace

Incarnation::Incarnation(const GroupSettings& settings, Heritage heritage,
                         const plugins::Registry& plugins, IdSource& ids, Post post)
    : settings_(settings),
      heritage_(std::move(heritage)),
      plugins_(plugins),
      ids_(ids),
      post_(std::move(post)),
      is_drained_(heritage_.is_drained),
      replica_(replica::base_replica(settings.parameters)) {
  self_.group = GroupId(ids_.uuid());
}

Result<std::unique_ptr<Incarnation>> Incarnation::begin(const GroupSettings& settings,
                                                        const Heritage& heritage,
                                                        const cluster::OpenCluster& open_cluster,
                                                        const plugins::Registry& plugins,
                                                        Workers& workers, IdSource& ids,
                                                        Post post) {
  auto self = std::unique_ptr<Incarnation>(
      new Incarnation(settings, heritage, plugins, ids, std::move(post)));
  if (auto opened = self->open(open_cluster, workers); !opened.has_value()) {
    self->end(false);
    return tl::unexpected(std::move(opened).error());
  }
  return self;
}

Result<void> Incarnation::open(const cluster::OpenCluster& open_cluster, Workers& workers) {
  ONYX_ASSIGN_OR_RETURN(cluster_, open_cluster([post = post_](cluster::SessionState state) {
                          post(SessionChanged{state});
                        }));
  ONYX_ASSIGN_OR_RETURN(const std::string parameters,
                        cluster_->parameters().create_or_read(
                            encode_parameters(settings_, ids_.uuid() + ids_.uuid())));
  ONYX_TRY(check_parameters(parameters, settings_));
  if (settings_.open_transport) {
    ONYX_ASSIGN_OR_RETURN(transport_, settings_.open_transport({settings_.execution.tenancy,
                                                                self_.group, token_in(parameters)},
                                                               cluster_->session_timeout()));
    transport_->act_while([fence = cluster_->fence()] { return fence->is_open(); });
  }
  ONYX_TRY(cluster_->pulses().announce(self_.group));

  ONYX_ASSIGN_OR_RETURN(const auto origin, cluster_->log().origin());
  if (!origin.replica_text.empty()) {
    const auto read = edn::read(origin.replica_text);
    if (!read.has_value()) {
      return failure(ErrorCode::internal,
                     "the origin of the log cannot be read: " + read.error().message);
    }
    ONYX_ASSIGN_OR_RETURN(replica_, replica::replica_from_edn(*read));
  }
  started_from_ = origin.position;
  published_ = std::make_shared<const replica::Replica>(replica_);
  applied_->store(replica_.version);

  errands_ = std::make_unique<Errands>();
  ONYX_ASSIGN_OR_RETURN(newest_at_start_, cluster_->log().newest());
  outbox_ = std::make_shared<Outbox>(*cluster_, self_.group, newest_at_start_ + 1,
                                     settings_.outbox_capacity);

  CompileContext context;
  context.job_scheduler = settings_.job_scheduler;
  context.peer_config = settings_.execution.peer_config;
  TaskLauncher::Callbacks callbacks;
  callbacks.failed = [post = post_](const TaskFailure& failed) { post(TaskFailed{failed}); };
  callbacks.completed = [post = post_](const JobId& job, ReplicaVersion version, Epoch epoch) {
    post(JobCompleted{job, version, epoch});
  };
  callbacks.log = [](const JobId& job, std::string_view task, const std::string& line) {
    spdlog::info("{} job={} task={}", line, job.text(), task);
  };
  ExecutionSettings execution = settings_.execution;
  execution.fence = cluster_->fence();
  launcher_ =
      std::make_shared<TaskLauncher>(std::move(execution), std::move(context), cluster_->jobs(),
                                     plugins_, workers, transport_.get(), std::move(callbacks));
  inquiries_ = std::make_shared<Inquiries>(
      self_.group, transport_.get(), *launcher_, settings_.outputs,
      [version = settings_.version, applied = applied_, stale = heritage_.stale] {
        return GroupReport{version, applied->load(), stale->load()};
      });

  coordination::PrepareJoinCluster join;
  join.joiner = self_.group;
  join.plugins = plugins_.names();
  append({join, self_.group.text(), std::nullopt});
  if (is_drained_) {
    coordination::DrainGroup drain;
    drain.group = self_.group;
    drain.peers = static_cast<std::int64_t>(heritage_.peers->load());
    drain.site = site();
    append({drain, self_.group.text(), std::nullopt});
  } else {
    peers_ = new_peers(heritage_.peers->load());
    if (!peers_.empty()) append(add_peers_draft(peers_));
  }

  follower_ = cluster_->log().follow(origin.position + 1, [post = post_](cluster::LogEvent event) {
    post(LogArrived{std::move(event)});
  });
  return {};
}

Incarnation::~Incarnation() { end(false); }

void Incarnation::end(bool leave) {
  if (std::exchange(has_ended_, true)) return;
  follower_.reset();
  watches_.clear();
  if (inquiries_ != nullptr) inquiries_->close();
  if (launcher_ != nullptr) launcher_->close("peer-left");
  if (errands_ != nullptr)
    errands_->close();  // what they still have to append goes before the leave
  if (outbox_ != nullptr) {
    if (leave)
      append({coordination::GroupLeaveCluster{self_.group}, self_.group.text(), std::nullopt});
    outbox_->close();
  }
  if (transport_ != nullptr)
    *heritage_.stale += static_cast<std::int64_t>(transport_->counters().stale);
  transport_.reset();
  // Whoever still holds a handle must not keep the pulse.
  if (cluster_ != nullptr) cluster_->close();
}

std::vector<PeerId> Incarnation::new_peers(std::size_t count) {
  std::vector<PeerId> peers;
  for (std::size_t i = 0; i < count; ++i) peers.emplace_back(ids_.uuid());
  return peers;
}

std::vector<PeerId> Incarnation::ask_for(std::size_t count) {
  auto peers = new_peers(count);
  std::lock_guard lock(mutex_);
  asked_for_.insert(peers.begin(), peers.end());
  *heritage_.peers += count;
  return peers;
}

coordination::Draft Incarnation::add_peers_draft(std::vector<PeerId> peers) const {
  return {coordination::AddVirtualPeers{self_.group, std::move(peers), site(), settings_.tags},
          self_.group.text(), std::nullopt};
}

std::string Incarnation::site() const {
  return transport_ == nullptr ? settings_.host : settings_.host + " " + transport_->addresses();
}

void Incarnation::let_go(const PeerId& peer) {
  std::lock_guard lock(mutex_);
  let_go_.insert(peer);
}

bool Incarnation::is_ready() const {
  if (!replica::is_joined(*published_, self_.group)) return false;
  if (is_drained_) return published_->groups.find(self_.group)->drained.has_value();
  return std::all_of(peers_.begin(), peers_.end(), [&](const PeerId& peer) {
    return replica::group_of(*published_, peer).has_value();
  });
}

void Incarnation::append(coordination::Draft draft) {
  outbox_->append_now(std::move(draft), [post = post_](const Result<Position>& result) {
    if (!result.has_value()) post(AppendLost{result.error()});
  });
}

Incarnation::Next Incarnation::apply(const cluster::StoredEntry& stored,
                                     const std::function<void(const AppliedEntry&)>& on_applied) {
  const auto entry = coordination::decode(stored.text, stored.position, stored.created_at_ms);
  auto applied = coordination::apply(std::move(replica_), entry);
  replica_ = std::move(applied.replica);
  published_ = std::make_shared<const replica::Replica>(replica_);
  applied_->store(replica_.version);
  log_changes(entry, applied.diff);
  const auto* rejected = applied.diff.rejected();
  if (rejected != nullptr && rejected->refusal == coordination::Refusal::stale &&
      entry.position > newest_at_start_)
    ++*heritage_.stale;
  on_applied({entry, applied.diff, published_});
  note_drain(entry, applied.diff);
  note_added(entry, applied.diff);

  auto response = coordination::respond(entry, replica_, applied.diff, self_);
  for (auto& draft : response.reactions) append(std::move(draft));
  Next next = Next::go_on;
  perform(response.effects, next);
  return next;
}

// What happened before this group came is only history to its log.
void Incarnation::log_changes(const coordination::LogEntry& entry,
                              const coordination::Diff& diff) const {
  const bool is_history = entry.position <= newest_at_start_;
  if (entry.position == newest_at_start_)
    spdlog::info("log read up to where it was entries={} position={}",
                 newest_at_start_ - started_from_, newest_at_start_);
  if (is_history && !spdlog::should_log(spdlog::level::debug)) return;
  for (const auto& line : coordination::change_lines(entry, diff, replica_)) {
    spdlog::log(is_history      ? spdlog::level::debug
                : line.is_fault ? spdlog::level::warn
                                : spdlog::level::info,
                "{}", line.text);
  }
  if (const auto* rejected = diff.rejected()) {
    spdlog::debug("entry rejected position={} fn={} why={}", entry.position,
                  coordination::name_of(entry.command), rejected->why);
  }
}

// Peers that came too late, for the group had been drained, are not wanted any more.
void Incarnation::note_added(const coordination::LogEntry& entry, const coordination::Diff& diff) {
  const auto* add = std::get_if<coordination::AddVirtualPeers>(&entry.command);
  if (add == nullptr || add->group != self_.group) return;
  std::lock_guard lock(mutex_);
  for (const PeerId& peer : add->peers) {
    if (asked_for_.erase(peer) > 0 && diff.rejected() != nullptr) --*heritage_.peers;
  }
}

// What was asked of the former group after it had read its last entry is meant for this one.
void Incarnation::note_drain(const coordination::LogEntry& entry, const coordination::Diff& diff) {
  // Whether or not the former group was still there when the entry was written.
  const bool is_news = !heritage_.former.empty() && entry.position > heritage_.former_read;
  if (const auto* drain = std::get_if<coordination::DrainGroup>(&entry.command)) {
    if (drain->group == self_.group && !diff.rejected()) {
      is_drained_ = true;
    } else if (is_news && drain->group == heritage_.former) {
      coordination::DrainGroup again = *drain;
      again.group = self_.group;
      again.peers = static_cast<std::int64_t>(heritage_.peers->load());
      again.site = site();
      append({again, self_.group.text(), entry.position});
    }
  } else if (const auto* undrain = std::get_if<coordination::UndrainGroup>(&entry.command)) {
    if (undrain->group == self_.group && !diff.rejected()) {
      is_drained_ = false;
    } else if (is_news && undrain->group == heritage_.former) {
      append({coordination::UndrainGroup{self_.group}, self_.group.text(), entry.position});
    }
  }
}

void Incarnation::pulse_gone(const GroupId& group) {
  spdlog::warn("pulse of group is gone, its leaving is written group={} position={}", group.text(),
               replica_.version);
  append({coordination::GroupLeaveCluster{group}, self_.group.text(), std::nullopt});
}

void Incarnation::task_failed(const TaskFailure& failed) {
  const auto& [job, version, task, peer, what] = failed;
  const std::string by = task.empty() ? "peer group " + self_.group.text()
                                      : fmt::format("task {} on peer {}", task.text(), peer.text());
  spdlog::warn("task failed job={} task={} peer={} version={} phase={} action={}: {}", job.text(),
               task.text(), peer.text(), version, what.phase,
               what.action == task::FailureAction::kill ? "kill" : "restart", what.text);
  if (what.action == task::FailureAction::restart) {
    const replica::Job* live = replica::find_job(replica_, job);
    const std::int64_t failures = live == nullptr ? 0 : std::min<std::int64_t>(live->failures, 10);
    const auto pause = std::min<std::chrono::milliseconds>(
        settings_.restart_back_off * (std::int64_t{1} << failures), std::chrono::seconds(10));
    coordination::RestartJob restart;
    restart.job = job;
    restart.reason = what.message;
    restart.by = by;
    restart.version = version;
    due_.emplace(Workers::now() + pause, coordination::Draft{restart, by, std::nullopt});
    return;
  }
  coordination::KillJob kill;
  kill.job = job;
  kill.reason = what.message;
  kill.by = by;
  kill.version = version;
  errands_->post([this, job = job, text = exception_text(failed), kill, by] {
    if (auto put = cluster_->jobs().put_exception(job, text); !put.has_value()) {
      spdlog::error("exception of job not stored job={}: {}", job.text(), put.error().text());
    }
    append({kill, by, std::nullopt});
  });
}

void Incarnation::job_completed(const JobCompleted& completed) {
  append({coordination::CompleteJob{completed.job, completed.version, completed.epoch},
          "coordinator", std::nullopt});
}

std::optional<Instant> Incarnation::append_due(Instant now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    append(std::move(due_.begin()->second));
    due_.erase(due_.begin());
  }
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

}  // namespace onyx::runtime
