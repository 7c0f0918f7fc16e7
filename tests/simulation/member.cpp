#include "tests/simulation/member.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/cases.h"
#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/replica/queries.h"
#include "daemon/replica/replica_edn.h"
#include "tests/simulation/world.h"

namespace onyx::simulation {

using coordination::Draft;
using coordination::Effect;
using coordination::LogEntry;

namespace {

constexpr std::int64_t kJoinBackOff = 200;
constexpr std::int64_t kRestartBackOff = 100;

}  // namespace

Member::Member(World& world, Host& host, Process& process, std::uint64_t number)
    : world_(world),
      host_(host),
      process_(process),
      noise_(world.plan().noise, 1'000'000 + number),
      replica_(replica::base_replica(world.parameters())) {
  self_.group = GroupId(world.fresh_id('g'));
}

void Member::after(std::int64_t delay, std::function<void()> what) {
  world_.timeline().after(delay, [this, what = std::move(what)]() mutable {
    process_.deliver([this, what = std::move(what)] {
      if (!is_over_) what();
    });
  });
}

void Member::timer(std::int64_t delay, std::function<void()> what) {
  after(delay + host_.timer_delay, std::move(what));
}

// --- begin ---

void Member::begin() {
  session_ = &world_.ensemble().open(process_, [this] { announce(); });
  session_->on_state([this](SessionState state) {
    if (state != SessionState::expired) return;
    world_.trace("{} learns that its session is over", group().text());
    if (has_begun_) {
      post([this] { start_over("its session is over"); });
    } else {
      start_over("its session is over");
    }
  });
}

void Member::announce() {
  session_->ask(
      [this](Server& server) {
        world_.ensemble().sync(server);
        return world_.ensemble().announce(*session_, self_.group);
      },
      [this](const Reply& reply) {
        if (reply.code != Code::ok) return start_over("its pulse is refused");
        read_origin();
      });
}

void Member::read_origin() {
  session_->ask(
      [this](Server& server) {
        world_.ensemble().sync(server);
        return Reply{.origin = server.origin};
      },
      [this](const Reply& pointer) {
        if (pointer.code != Code::ok) return start_over("the origin cannot be read");
        read_parts(pointer.origin, 0, {});
      });
}

// Every part is one more request; the newest position comes last.
void Member::read_parts(const Origin& origin, std::size_t part, std::string text) {
  session_->ask(
      [this, origin, part](Server& server) {
        if (part < origin.parts) {
          return world_.ensemble().read_part(server, origin.position, part);
        }
        world_.ensemble().sync(server);
        return Reply{.position = server.end - 1};
      },
      [this, origin, part, text = std::move(text)](const Reply& reply) {
        if (reply.code == Code::absent) {
          // It is gone: another origin has taken its place.
          world_.coverage().note(Seen::origin_moved);
          return read_origin();
        }
        if (reply.code != Code::ok) return start_over("the log cannot be read");
        if (reply.text == nullptr) return start(origin, text, reply.position);
        // Seldom so slowly that the origin moves on meanwhile.
        const std::int64_t pause = noise_.pick(4) == 3 ? noise_.between(200, 3'000) : 0;
        after(pause, [this, origin, part, text = text + *reply.text] {
          read_parts(origin, part + 1, text);
        });
      });
}

void Member::start(const Origin& origin, const std::string& replica_text, Position newest) {
  if (ended_) return;
  has_begun_ = true;
  if (!replica_text.empty()) {
    replica_ = *replica::replica_from_edn(*edn::read(replica_text));
    world_.coverage().note(Seen::gc_before_join);
  }
  written_up_to_ = newest;
  next_ = origin.position + 1;
  world_.trace("{} of host {} joins, reads from {}", group().text(), host_.number, next_);

  coordination::PrepareJoinCluster join;
  join.joiner = self_.group;
  join.plugins = host_.plugins;
  append({join, self_.group.text(), std::nullopt});
  if (host_.is_drained) {
    coordination::DrainGroup drain;
    drain.group = self_.group;
    drain.peers = static_cast<std::int64_t>(host_.peers);
    drain.site = host_.site;
    append({drain, self_.group.text(), std::nullopt});
  } else {
    peers_ = new_peers(host_.peers);
    if (!peers_.empty()) append(add_peers_draft(peers_));
  }
  follow();
}

std::vector<PeerId> Member::new_peers(std::size_t count) {
  std::vector<PeerId> peers;
  for (std::size_t i = 0; i < count; ++i) peers.emplace_back(world_.fresh_id('p'));
  return peers;
}

Draft Member::add_peers_draft(std::vector<PeerId> peers) const {
  return {coordination::AddVirtualPeers{self_.group, std::move(peers), host_.site, host_.tags},
          self_.group.text(), std::nullopt};
}

bool Member::is_drained() const {
  const replica::Group* group = replica_.groups.find(self_.group);
  return group != nullptr && group->drained;
}

bool Member::is_ready() const {
  if (!is_alive() || !has_begun_ || !replica::is_joined(replica_, self_.group)) return false;
  return host_.is_drained ? is_drained()
                          : std::all_of(peers_.begin(), peers_.end(), [&](const PeerId& peer) {
                              return replica::group_of(replica_, peer).has_value();
                            });
}

bool Member::is_at_rest() const { return outbox_.empty() && !appending_ && inbox_.empty(); }

// --- the end ---

void Member::start_over(const char* why) {
  if (ended_) return;
  world_.trace("{} starts over: {}", group().text(), why);
  end(false);
}

void Member::end(bool leave) {
  if (std::exchange(ended_, true)) return;
  leaves_ = leave;
  ++waiting_;
  inbox_.clear();
  for (const auto& [watched, token] : watches_) session_->unwatch_pulse(token);
  watches_.clear();
  tasks_.clear();
  coordinators_.clear();
  if (!on_errand_ && errands_.empty()) {
    if (leave && has_begun_) append({coordination::GroupLeaveCluster{self_.group}, {}, {}});
    leaves_ = false;
    finish_ending();
  }
}

// Errands first, then what they and the group still have to write, then the session.
void Member::finish_ending() {
  if (!ended_ || is_over_ || on_errand_ || !errands_.empty()) return;
  if (std::exchange(leaves_, false) && has_begun_) {
    append({coordination::GroupLeaveCluster{self_.group}, {}, {}});
  }
  if (!outbox_.empty() || appending_) return;
  is_over_ = true;
  session_->close();
  world_.member_ended(*this);
}

// --- the group's thread ---

void Member::post(std::function<void()> event) {
  if (ended_) return;
  inbox_.push_back(std::move(event));
  if (std::exchange(inbox_scheduled_, true)) return;
  after(host_.reader_delay + noise_.small(world_.plan().thread_delay), [this] { run_inbox(); });
}

void Member::run_inbox() {
  inbox_scheduled_ = false;
  if (inbox_.empty() || ended_) return;
  const auto event = std::move(inbox_.front());
  inbox_.pop_front();
  event();
  if (inbox_.empty() || ended_ || std::exchange(inbox_scheduled_, true)) return;
  after(host_.reader_delay + noise_.small(world_.plan().thread_delay), [this] { run_inbox(); });
}

void Member::apply(const EntryPtr& entry) {
  auto applied = coordination::apply(std::move(replica_), *entry);
  replica_ = std::move(applied.replica);
  if (world_.compares(replica_.version)) world_.oracle().compare(replica_, self_.group);
  if (const auto* drained = std::get_if<coordination::GroupDrained>(&applied.diff.change)) {
    if (drained->group == self_.group) host_.is_drained = true;
  }
  if (const auto* back = std::get_if<coordination::GroupUndrained>(&applied.diff.change)) {
    if (back->group == self_.group) host_.is_drained = false;
  }
  if (const auto* add = std::get_if<coordination::AddVirtualPeers>(&entry->command)) {
    for (const PeerId& peer : add->peers) {
      if (asked_for_.erase(peer) > 0 && applied.diff.rejected() != nullptr) --host_.peers;
    }
  }
  auto response = coordination::respond(*entry, replica_, applied.diff, self_);
  for (Draft& draft : response.reactions) append(std::move(draft));
  perform(response.effects);
  if (!ended_) check_tasks(*entry);
}

void Member::append_later(Draft draft, std::int64_t delay) {
  timer(delay, [this, draft = std::move(draft)] {
    if (!ended_) append(draft);
  });
}

void Member::perform(const std::vector<Effect>& effects) {
  for (const Effect& effect : effects) {
    std::visit(
        Cases{
            [&](const coordination::WatchPulses& e) { watch(e.groups); },
            [&](const coordination::ProbePulse& e) {
              errand([this, probed = e.group](std::function<void()> done) {
                session_->ask(
                    [this, probed](Server& server) {
                      world_.ensemble().sync(server);
                      return Reply{.exists = server.pulses.contains(probed)};
                    },
                    [this, probed, done = std::move(done)](const Reply& reply) {
                      if (reply.code == Code::ok && !reply.exists) {
                        post([this, probed] { pulse_gone(probed); });
                      }
                      done();
                    });
              });
            },
            [&](const coordination::AppendAfterBackOff& e) {
              const std::int64_t limit =
                  2 * kJoinBackOff * (std::int64_t{1} << std::min<std::int64_t>(e.failures - 1, 5));
              append_later(e.draft, 1 + noise_.between(0, limit));
            },
            [&](const coordination::RestartGroup&) {
              world_.coverage().note(Seen::declared_dead);
              start_over("it was declared dead");
            },
            [&](const coordination::RestartPeer& e) {
              if (let_go_.erase(e.peer) > 0) return;
              auto fresh = new_peers(1);
              std::replace(peers_.begin(), peers_.end(), e.peer, fresh.front());
              append(add_peers_draft(std::move(fresh)));
            },
            [&](const coordination::BringPeersBack&) {
              world_.coverage().note(Seen::undrained);
              peers_ = new_peers(host_.peers);
              if (!peers_.empty()) append(add_peers_draft(peers_));
            },
            [&](const coordination::TruncateLog& e) {
              truncate(e.position, edn::print(replica::to_edn(replica_)));
            },
            [&](const coordination::JobFinished& e) {
              world_.require(told_finished_.insert(e.job).second, "I10 a job's end is told once",
                             "{} to {}", e.job.text(), group().text());
            },
            [&](const auto&) { switch_tasks(effect); },
        },
        effect);
  }
}

void Member::watch(const std::set<GroupId>& groups) {
  std::erase_if(watches_, [&](const auto& watch) {
    if (groups.contains(watch.first)) return false;
    session_->unwatch_pulse(watch.second);
    return true;
  });
  for (const GroupId& other : groups) {
    if (watches_.contains(other)) continue;
    watches_.emplace(other, session_->watch_pulse(other, [this, other] {
      post([this, other] { pulse_gone(other); });
    }));
  }
  self_.watching = groups;
}

void Member::pulse_gone(const GroupId& other) {
  world_.trace("{} sees that {} is gone", group().text(), other.text());
  append({coordination::GroupLeaveCluster{other}, self_.group.text(), std::nullopt});
}

// --- tasks ---

void Member::switch_tasks(const Effect& effect) {
  const auto stops = [&](const PeerId& peer, const JobId& job, const TaskId& task) {
    const auto running = tasks_.find(peer);
    world_.require(
        running != tasks_.end() && running->second.job == job && running->second.task == task,
        "E1 only what runs is stopped", "{} on {} {}", peer.text(), job.text(), task.text());
    tasks_.erase(running);
  };
  std::visit(Cases{
                 [&](const coordination::StopTask& e) { stops(e.peer, e.job, e.task); },
                 [&](const coordination::StartTask& e) {
                   const bool started =
                       tasks_.emplace(e.peer, Running{e.job, e.task, e.slot, e.version}).second;
                   world_.require(started, "E1 a peer runs one task", "{} on {} {}", e.peer.text(),
                                  e.job.text(), e.task.text());
                 },
                 [&](const coordination::RecoverTask& e) {
                   stops(e.peer, e.job, e.task);
                   tasks_.emplace(e.peer, Running{e.job, e.task, e.slot, e.version});
                 },
                 [&](const coordination::StopCoordinator& e) {
                   const auto it = coordinators_.find(e.job);
                   world_.require(it != coordinators_.end() && it->second.peer == e.peer,
                                  "E1 only a coordinator that runs is stopped", "{} of {}",
                                  e.peer.text(), e.job.text());
                   coordinators_.erase(it);
                 },
                 [&](const coordination::StartCoordinator& e) {
                   coordinators_[e.job] = {e.peer, e.version};
                   coordinate(e.job, e.version);
                 },
                 [&](const coordination::RecoverCoordinator& e) {
                   coordinators_[e.job] = {e.peer, e.version};
                   coordinate(e.job, e.version);
                 },
                 [](const auto&) {},
             },
             effect);
}

// The data plane, as seen from here: it takes its time, and then the sealing barrier is through.
void Member::coordinate(const JobId& job, ReplicaVersion version) {
  after(world_.duration_of(job), [this, job, version] {
    const auto it = coordinators_.find(job);
    if (ended_ || it == coordinators_.end() || it->second.version != version) return;
    post([this, job, version] {
      append({coordination::CompleteJob{job, version, 3}, "coordinator", std::nullopt});
    });
  });
}

// E1: what runs here is what the replica says.
void Member::check_tasks(const LogEntry& entry) const {
  const replica::Group* mine = replica_.groups.find(self_.group);
  std::size_t seated = 0;
  std::size_t coordinating = 0;
  if (mine != nullptr) {
    for (const PeerId& peer : mine->peers) {
      const replica::Peer& record = *replica_.peers.find(peer);
      if (!record.seat) continue;
      ++seated;
      const replica::Job& job = *replica_.jobs.find(record.seat->job);
      const auto running = tasks_.find(peer);
      const Running wanted{job.id, job.spec->tasks[static_cast<std::size_t>(record.seat->task)].id,
                           record.seat->slot, job.version};
      world_.require(running != tasks_.end() && running->second == wanted,
                     "E1 a group runs what the replica says", "{} after {}: {} on {} {}",
                     group().text(), entry.position, peer.text(), job.id.text(),
                     wanted.task.text());
      if (job.coordinator == peer) {
        ++coordinating;
        const auto it = coordinators_.find(job.id);
        world_.require(it != coordinators_.end() && it->second == Coordinating{peer, job.version},
                       "E1 a group coordinates what the replica says", "{} after {}: {} of {}",
                       group().text(), entry.position, peer.text(), job.id.text());
      }
    }
  }
  world_.require(tasks_.size() == seated && coordinators_.size() == coordinating,
                 "E1 a group runs nothing else", "{} after {}: {} tasks, {} coordinators",
                 group().text(), entry.position, tasks_.size(), coordinators_.size());
}

// --- what clients ask for ---

void Member::add_peers(std::size_t count) {
  if (is_drained()) return;
  host_.peers += count;
  const auto peers = new_peers(count);
  asked_for_.insert(peers.begin(), peers.end());
  append(add_peers_draft(peers));
}

void Member::remove_peer(std::size_t which) {
  const replica::Group* mine = replica_.groups.find(self_.group);
  if (mine == nullptr || mine->peers.empty()) return;
  const PeerId peer = mine->peers[which % mine->peers.size()];
  if (!let_go_.insert(peer).second) return;
  if (host_.peers > 0) --host_.peers;
  std::erase(peers_, peer);
  append({coordination::LeaveCluster{peer, "removed"}, self_.group.text(), std::nullopt});
}

void Member::fail_task(std::size_t which, bool kill, const std::string& reason) {
  if (tasks_.empty()) return;
  const auto& [peer, running] =
      *std::next(tasks_.begin(), static_cast<std::ptrdiff_t>(which % tasks_.size()));
  if (kill) {
    coordination::KillJob command;
    command.job = running.job;
    command.reason = reason;
    command.version = running.version;
    world_.coverage().note(Seen::task_kills);
    errand([this, command](std::function<void()> done) {
      append({command, "task", std::nullopt});
      done();
    });
    return;
  }
  world_.coverage().note(Seen::task_restarts);
  restart_job(running, reason);
}

void Member::restart_job(const Running& running, const std::string& reason) {
  const replica::Job* live = replica::find_job(replica_, running.job);
  const std::int64_t failures = live == nullptr ? 0 : std::min<std::int64_t>(live->failures, 6);
  coordination::RestartJob command;
  command.job = running.job;
  command.reason = reason;
  command.version = running.version;
  append_later({command, "task", std::nullopt}, kRestartBackOff * (std::int64_t{1} << failures));
}

void Member::lose_sight_of(const GroupId& other) {
  for (const auto& [peer, running] : tasks_) {
    const replica::Job* job = replica::find_job(replica_, running.job);
    if (job == nullptr) continue;
    const bool is_there = std::any_of(job->seats.begin(), job->seats.end(), [&](const auto& seats) {
      return std::any_of(seats.begin(), seats.end(), [&](const PeerId& seated) {
        return replica::group_of(replica_, seated) == other;
      });
    });
    if (!is_there || !cut_off_.emplace(running.job, running.version).second) continue;
    world_.coverage().note(Seen::data_cut);
    restart_job(running, "cut off");
  }
}

}  // namespace onyx::simulation
