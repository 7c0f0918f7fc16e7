#include "tests/simulation/world.h"

#include <algorithm>

#include "common/base/check.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/replica/queries.h"
#include "daemon/scheduling/explain.h"
#include "daemon/scheduling/reallocate.h"
#include "tests/simulation/job_shapes.h"

namespace onyx::simulation {

namespace {

constexpr std::size_t kHostsMax = 44;
constexpr std::int64_t kJoinWithin = 60'000;     // I27, after the faults stop
constexpr std::int64_t kRestFor = 60'000;        // I30
constexpr std::int64_t kComeToRestIn = 900'000;  // all jobs done, by the longest queue of them
constexpr std::int64_t kBetweenIncarnations = 200;

replica::Parameters parameters_of(const Plan& plan) {
  replica::Parameters parameters;
  parameters.job_scheduler = static_cast<replica::JobScheduler>(plan.scheduler % 3);
  parameters.tombstones_max = plan.tombstones;
  return parameters;
}

}  // namespace

World::World(const Plan& plan, bool traces)
    : plan_(plan),
      traces_(traces),
      parameters_(parameters_of(plan)),
      noise_(plan.noise, 1),
      oracle_(parameters_, coverage_),
      ensemble_(
          timeline_, coverage_, plan.servers, plan.noise, plan.network_delay,
          {.appended =
               [this](const EntryPtr& entry) {
                 trace_entry(*entry);
                 if (hole_) return;  // nobody will read it
                 oracle_.appended(entry);
                 timeline_.note(static_cast<std::uint64_t>(entry->position) * 31 +
                                entry->command.index());
               },
           .origin_set = [this](Position position,
                                const std::string& text) { oracle_.origin_set(position, text); },
           .truncated = [this](Position below,
                               Position origin) { oracle_.truncated(below, origin); }}) {}

void World::trace_entry(const coordination::LogEntry& entry) const {
  if (!traces_) return;
  trace("log {}: {} by {}", entry.position, coordination::encode({entry.command, {}, {}}, {}, 0),
        entry.writer.text());
}

std::string World::fresh_id(char kind) {
  const std::uint64_t number = next_id_++;
  return fmt::format("{}{:03x}.{}", kind, mix(number * 977 + plan_.noise) & 0xfffU, number);
}

std::int64_t World::duration_of(const JobId& job) const {
  const auto found = durations_.find(job);
  return found == durations_.end() ? 1'000 : found->second;
}

// In a large cluster not after every entry: a difference does not go away.
bool World::compares(Position position) const {
  return hosts_.size() <= 6 || position % 8 == 0 || is_calm_;
}

// --- hosts ---

Host& World::add_host() {
  auto host = std::make_unique<Host>();
  host->number = static_cast<std::uint32_t>(hosts_.size());
  Noise noise(mix(host->number + 17) | 1U);
  host->peers = static_cast<std::size_t>(noise.between(0, 2 * plan_.peers));
  host->site = fmt::format("10.0.0.{}:1", host->number % 8);
  if (plan_.tags != 0) {
    if (noise.pick(2) == 0) host->tags = {"t"};
    if (noise.pick(3) != 0) host->plugins = std::vector<std::string>{"p/x"};
  }
  hosts_.push_back(std::move(host));
  return *hosts_.back();
}

void World::start_host(Host& host) {
  if (host.member != nullptr) return;
  if (host.process == nullptr) {
    processes_.push_back(std::make_unique<Process>());
    host.process = processes_.back().get();
    host.process->host = host.number;
    host.process->number = processes_.size();
    host.process->clock_percent = host.clock_percent;
    host.is_drained = false;
  }
  host.stops = false;
  members_.push_back(std::make_unique<Member>(*this, host, *host.process, members_.size()));
  host.member = members_.back().get();
  host.member->begin();
}

void World::member_ended(Member& member) {
  for (const auto& host : hosts_) {
    if (host->member != &member) continue;
    host->member = nullptr;
    if (host->stops) {
      host->process->dead = true;
      host->process = nullptr;
      return;
    }
    Host* again = host.get();
    timeline_.after(kBetweenIncarnations, [this, again, process = host->process] {
      process->deliver([this, again] { start_host(*again); });
    });
  }
}

void World::crash_host(Host& host, bool with_helper, std::int64_t back_after) {
  if (host.process == nullptr) return;
  trace("host {} is killed", host.number);
  coverage_.note(with_helper ? Seen::crash_with_helper : Seen::crash);
  Process& process = *host.process;
  process.dead = true;
  process.held_back.clear();
  host.process = nullptr;
  host.member = nullptr;
  ensemble_.crashed(process, with_helper);
  if (back_after < 0) return;
  Host* again = &host;
  timeline_.after(back_after, [this, again] {
    if (again->process == nullptr) start_host(*again);
  });
}

Host* World::some_host(std::uint32_t who, bool (*fits)(const Host&)) {
  std::vector<Host*> found;
  for (const auto& host : hosts_) {
    if (fits(*host)) found.push_back(host.get());
  }
  return found.empty() ? nullptr : found[who % found.size()];
}

Member* World::some_member(std::uint32_t who) {
  Host* host =
      some_host(who, [](const Host& h) { return h.member != nullptr && h.member->is_ready(); });
  return host == nullptr ? nullptr : host->member;
}

// --- acts ---

void World::submit(const Act& act) {
  if (act.kind == ActKind::resubmit) {
    if (submissions_.empty()) return;
    coverage_.note(Seen::resubmission);
    hand_in(act.what % submissions_.size(), act.who);
    return;
  }
  const JobId job(fresh_id('j'));
  const auto spec = job_shape(act.what, plan_);
  const auto duration = static_cast<std::int64_t>(mix(act.what) % 64);
  durations_[job] = 20 + duration * duration * 2;
  submissions_.push_back({job, {job, spec}, durations_[job], false});
  hand_in(submissions_.size() - 1, act.who);
}

// A client hands the job to some daemon until one says that it is submitted.
void World::hand_in(std::size_t number, std::uint32_t who) {
  const auto again = [this, number, who] {
    timeline_.after(300, [this, number, who] { hand_in(number, who + 1); });
  };
  Member* member = some_member(who);
  if (member == nullptr) return again();
  const Submission& submission = submissions_[number];
  const std::string text =
      coordination::encode({submission.command, "client", std::nullopt}, GroupId(), 0);
  const auto answered = std::make_shared<bool>(false);
  member->session()->create(
      [this, job = submission.job, text](Server&) { return ensemble_.submit(job, text); },
      [this, number, again, answered](const Reply& reply) {
        *answered = true;
        if (reply.code == Code::ok) {
          submissions_[number].acknowledged = true;
        } else if (reply.code == Code::refused) {
          submissions_[number].refused = true;
        } else {
          again();
        }
      });
  // The daemon may die with the answer.
  timeline_.after(5'000, [answered, again] {
    if (!std::exchange(*answered, true)) again();
  });
}

void World::pause(Host& host, std::int64_t lasts) {
  Process& process = *host.process;
  if (process.paused) return;
  trace("host {} stands still for {} ms", host.number, lasts);
  coverage_.note(lasts > kSessionTimeout ? Seen::pause_long : Seen::pause_short);
  process.paused = true;
  ensemble_.paused(process);
  timeline_.after(lasts, [this, &process] {
    if (process.dead) return;
    trace("host {} goes on", process.host);
    process.paused = false;
    auto held_back = std::move(process.held_back);
    process.held_back.clear();
    for (auto& what : held_back) process.deliver(std::move(what));
    ensemble_.resumed(process);
  });
}

// For all; after an election the old leader stays away for longer.
void World::lose_ensemble(std::int64_t lasts, std::optional<std::uint32_t> leader) {
  trace("ZooKeeper is away for {} ms", lasts);
  for (std::uint32_t i = 0; i < ensemble_.servers(); ++i) ensemble_.server_down(i);
  timeline_.after(lasts, [this, leader] {
    for (std::uint32_t i = 0; i < ensemble_.servers(); ++i) {
      if (i != leader || is_calm_) ensemble_.server_up(i);
    }
  });
}

void World::cut(Host& host, Cut how, std::int64_t lasts) {
  ensemble_.cut(host.number, how);
  timeline_.after(lasts, [this, number = host.number] { ensemble_.heal(number); });
}

// Two daemons do not reach each other: each sees every second which jobs that concerns.
void World::cut_data(const Act& act) {
  const auto is_member = [](const Host& h) { return h.member != nullptr; };
  Host* one = some_host(act.who, is_member);
  Host* other = some_host(act.what, is_member);
  if (one == nullptr || one == other) return;
  for (std::int64_t at = 1'000; at <= act.lasts; at += 1'000) {
    timeline_.after(at, [this, one, other] {
      if (is_calm_ || one->member == nullptr || other->member == nullptr) return;
      const GroupId groups[] = {one->member->group(), other->member->group()};
      if (!one->process->paused) one->member->lose_sight_of(groups[1]);
      if (!other->process->paused) other->member->lose_sight_of(groups[0]);
    });
  }
}

void World::add_many_peers(const Act& act) {
  std::size_t added = 0;
  for (std::uint32_t i = 0; i < 1 + act.what % 8; ++i) {
    Member* member = some_member(act.who + i);
    if (member == nullptr) return;
    const std::size_t count = 20 + act.what / 8 % 40;
    member->add_peers(count);
    added += count;
  }
  if (added >= 100) coverage_.note(Seen::many_peers);
}

// A job that does not fit is refused before anything is written; what a group has to say is cut so that it does.
void World::too_large(const Act& act) {
  const std::string text(kTextBytesMax + 1, 'x');
  Member* member = some_member(act.who);
  switch (act.what % 3) {
    case 0: {
      auto spec = std::make_shared<replica::JobSpec>(*job_shape(act.what, plan_));
      spec->name = text;
      const JobId job(fresh_id('j'));
      submissions_.push_back({job, {job, spec}, 0});
      coverage_.note(Seen::too_large);
      return hand_in(submissions_.size() - 1, act.who);
    }
    case 1:
      if (member == nullptr || submissions_.empty()) return;
      coverage_.note(Seen::too_large);
      return member->append(
          {coordination::KillJob{submissions_[act.what % submissions_.size()].job, text, text, {}},
           text, std::nullopt});
    default: {
      Host* running = some_host(
          act.who, [](const Host& h) { return h.member != nullptr && h.member->has_tasks(); });
      if (running == nullptr) return;
      coverage_.note(Seen::too_large);
      return running->member->fail_task(act.what / 6, act.what / 3 % 2 == 0, text);
    }
  }
}

// Somebody speaks of an allocation that is over, or of a job that has ended.
void World::stale_report(const Act& act) {
  Member* member = some_member(act.who);
  if (member == nullptr || submissions_.empty()) return;
  const JobId job = submissions_[act.what % submissions_.size()].job;
  const replica::Job* live = replica::find_job(member->replica(), job);
  const ReplicaVersion version = (live == nullptr ? 0 : live->version) - 1;
  switch (act.what / 100 % 3) {
    case 0:
      return member->append({coordination::CompleteJob{job, version, 3}, "stale", std::nullopt});
    case 1: {
      coordination::KillJob kill{job, "stale", "stale", version};
      return member->append({kill, "stale", std::nullopt});
    }
    default: {
      coordination::RestartJob restart{job, "stale", "stale", version, std::nullopt};
      return member->append({restart, "stale", std::nullopt});
    }
  }
}

void World::perform(const Act& act) {
  const auto is_up = [](const Host& h) { return h.process != nullptr; };
  const auto is_member = [](const Host& h) { return h.member != nullptr; };
  const auto later = [this](std::int64_t delay, std::function<void()> what) {
    timeline_.after(delay, std::move(what));
  };
  trace("act: {} who={} what={} lasts={}", name_of(act.kind), act.who, act.what, act.lasts);
  Host* up = some_host(act.who, is_up);
  Host* host = some_host(act.who, is_member);
  Member* member = some_member(act.who);
  Session* session = host == nullptr ? nullptr : host->member->session();
  switch (act.kind) {
    case ActKind::submit:
    case ActKind::resubmit:
      return submit(act);
    case ActKind::kill:
      if (member == nullptr || submissions_.empty()) return;
      return member->append({coordination::KillJob{submissions_[act.what % submissions_.size()].job,
                                                   "asked", "client", std::nullopt},
                             "client", std::nullopt});
    case ActKind::gc:
      if (member != nullptr) member->append({coordination::Gc{"gc"}, "client", std::nullopt});
      return;
    case ActKind::add_peers:
      if (member != nullptr) member->add_peers(1 + act.what % 3);
      return;
    case ActKind::add_many_peers:
      return add_many_peers(act);
    case ActKind::remove_peer:
      if (member != nullptr) member->remove_peer(act.what);
      return;
    case ActKind::drain: {  // or not any more
      Host* other = some_host(act.what, is_member);
      if (member == nullptr || other == nullptr) return;
      const GroupId group = other->member->group();
      if (other->member->is_drained())
        return member->append({coordination::UndrainGroup{group}, "client", std::nullopt});
      coverage_.note(Seen::drained);
      coordination::DrainGroup drain;
      drain.group = group;
      return member->append({drain, "client", std::nullopt});
    }
    case ActKind::start_host: {
      Host* down = some_host(act.what, [](const Host& h) { return h.process == nullptr; });
      if (down != nullptr && act.what % 2 == 1) return start_host(*down);
      if (hosts_.size() < kHostsMax) start_host(add_host());
      return;
    }
    case ActKind::stop_host:
      if (host == nullptr || host->process->paused) return;
      host->stops = true;
      return host->member->end(true);
    case ActKind::evict: {
      Host* other = some_host(act.what, is_member);
      if (member == nullptr || other == nullptr || other->member->peers().empty()) return;
      const auto& peers = other->member->peers();
      coverage_.note(Seen::eviction);
      return member->append({coordination::LeaveCluster{peers[act.what % peers.size()], "silent"},
                             "peer", std::nullopt});
    }
    case ActKind::declare_dead: {
      Host* other = some_host(act.what, is_member);
      if (member == nullptr || other == nullptr) return;
      return member->append(
          {coordination::GroupLeaveCluster{other->member->group()}, "client", std::nullopt});
    }
    case ActKind::fail_task: {
      Host* running = some_host(
          act.who, [](const Host& h) { return h.member != nullptr && h.member->has_tasks(); });
      if (running != nullptr) running->member->fail_task(act.what / 4, act.what % 4 == 0, "failed");
      return;
    }
    case ActKind::stale_report:
      return stale_report(act);
    case ActKind::poison:
      coverage_.note(Seen::poison_entry);
      ensemble_.append(act.what % 2 == 0 ? "{:fn :no-such-command" : "{:fn :kill-job :args {}}");
      return;
    case ActKind::too_large:
      return too_large(act);
    case ActKind::crash:
      if (up != nullptr) crash_host(*up, act.what % 2 == 1, act.lasts);
      return;
    case ActKind::crash_coordinator: {
      Host* coordinator = some_host(
          act.who, [](const Host& h) { return h.member != nullptr && h.member->coordinates(); });
      if (coordinator == nullptr) return;
      coverage_.note(Seen::crash_of_coordinator);
      return crash_host(*coordinator, act.what % 2 == 1, act.lasts);
    }
    case ActKind::crash_all:
      coverage_.note(Seen::crash_of_all);
      for (const auto& each : hosts_)
        crash_host(*each, act.what % 3 == 1, std::max<std::int64_t>(0, act.lasts));
      return;
    case ActKind::pause:
      if (up != nullptr) pause(*up, act.lasts);
      return;
    case ActKind::cut:
      if (up == nullptr || ensemble_.is_cut(up->number)) return;
      coverage_.note(act.lasts > kSessionTimeout ? Seen::cut_long : Seen::cut_short);
      return cut(*up, Cut::all, act.lasts);
    case ActKind::cut_in:
      if (up == nullptr || ensemble_.is_cut(up->number)) return;
      coverage_.note(Seen::cut_in);
      return cut(*up, Cut::in, act.lasts);
    case ActKind::cut_out:
      if (up == nullptr || ensemble_.is_cut(up->number)) return;
      coverage_.note(Seen::cut_out);
      return cut(*up, Cut::out, act.lasts);
    case ActKind::cut_data:
      return cut_data(act);
    case ActKind::lossy:
      if (up == nullptr) return;
      coverage_.note(Seen::packets_lost);
      ensemble_.set_lossy(up->number, true);
      return later(act.lasts, [this, number = up->number] { ensemble_.set_lossy(number, false); });
    case ActKind::flap:
      if (up == nullptr) return;
      coverage_.note(Seen::flapping);
      for (std::int64_t at = 0; at < act.lasts; at += 1'000) {
        later(at, [this, number = up->number] {
          if (!is_calm_) ensemble_.cut(number, Cut::all);
        });
        later(at + 500, [this, number = up->number] { ensemble_.heal(number); });
      }
      return;
    case ActKind::restart_server: {
      const std::uint32_t server = act.who % ensemble_.servers();
      coverage_.note(Seen::server_restart);
      ensemble_.server_down(server);
      return later(act.lasts, [this, server] { ensemble_.server_up(server); });
    }
    case ActKind::elect_leader: {
      const std::uint32_t leader = act.who % ensemble_.servers();
      coverage_.note(Seen::leader_lost);
      lose_ensemble(200 + act.what % 800, leader);
      return later(1'000 + act.lasts, [this, leader] { ensemble_.server_up(leader); });
    }
    case ActKind::lose_ensemble:
      coverage_.note(Seen::ensemble_lost);
      return lose_ensemble(act.lasts, std::nullopt);
    case ActKind::jump_clock: {
      constexpr std::int64_t kJumps[] = {86'400'000, -86'400'000, 3'600'000, -3'600'000};
      coverage_.note(Seen::clock_jumped);
      return ensemble_.jump_clock(kJumps[act.what % std::size(kJumps)]);
    }
    case ActKind::late_timers:
      if (up == nullptr) return;
      coverage_.note(Seen::timers_late);
      up->timer_delay = 100 + act.what % 3'000;
      return later(act.lasts, [up] { up->timer_delay = 0; });
    case ActKind::make_hole:
      hole_ = ensemble_.make_hole();
      return;
    case ActKind::skew_clock:
      if (up == nullptr) return;
      coverage_.note(Seen::clock_skewed);
      up->clock_percent = 50 + act.what % 101;
      up->process->clock_percent = up->clock_percent;
      return;
    case ActKind::double_entry:
      if (session != nullptr) session->double_next = true;
      return;
    case ActKind::lose_reply:
      if (session != nullptr) session->lose_reply_for = act.lasts;
      return;
    case ActKind::lose_request:
      if (session != nullptr) session->lose_request_for = act.lasts;
      return;
    case ActKind::slow_reader:
      if (up == nullptr) return;
      coverage_.note(Seen::slow_reader);
      up->reader_delay = 20 + act.what % 400;
      return later(act.lasts, [up] { up->reader_delay = 0; });
    case ActKind::slow_writer:
      if (up == nullptr) return;
      coverage_.note(Seen::slow_writer);
      up->writer_delay = 20 + act.what % 1'000;
      return later(act.lasts, [up] { up->writer_delay = 0; });
    case ActKind::lag_server: {
      const std::uint32_t server = act.who % ensemble_.servers();
      coverage_.note(Seen::server_lags);
      ensemble_.set_lag(server, 10 + act.what % 1'500);
      return later(act.lasts, [this, server] { ensemble_.set_lag(server, 0); });
    }
    case ActKind::expire:
      if (up == nullptr) return;
      coverage_.note(Seen::session_expired);
      return ensemble_.expire_sessions_of(*up->process);
    case ActKind::count:
      return;
  }
}

// Every fault is over: what was cut heals, what stands still goes on, and somebody is there.
void World::calm_down() {
  is_calm_ = true;
  trace("calm");
  for (std::uint32_t i = 0; i < ensemble_.servers(); ++i) {
    ensemble_.set_lag(i, 0);
    ensemble_.server_up(i);
  }
  for (const auto& host : hosts_) {
    ensemble_.heal(host->number);
    host->reader_delay = 0;
    host->writer_delay = 0;
    host->timer_delay = 0;
    ensemble_.set_lossy(host->number, false);
    host->clock_percent = 100;
    if (host->process == nullptr) continue;
    host->process->clock_percent = 100;
    if (host->member == nullptr) continue;
    Session& session = *host->member->session();
    session.lose_reply_for = -1;
    session.lose_request_for = -1;
    session.double_next = false;
  }
}

// Somebody has to be there to see who is not.
void World::wake_somebody() {
  if (std::none_of(hosts_.begin(), hosts_.end(),
                   [](const auto& h) { return h->process != nullptr; })) {
    start_host(*hosts_.front());
  }
}

// --- the run ---

Outcome World::run() {
  Outcome outcome;
  try {
    for (std::uint32_t i = 0; i < std::max<std::uint32_t>(1, plan_.hosts); ++i) {
      Host* host = &add_host();
      timeline_.at(noise_.between(0, plan_.start_spread), [this, host] { start_host(*host); });
    }
    std::int64_t storm_ends = 1'000;
    for (const Act& act : plan_.acts) {
      timeline_.at(act.at, [this, act] { perform(act); });
      storm_ends = std::max(storm_ends, act.at + std::max<std::int64_t>(0, act.lasts) + 500);
    }
    timeline_.run_until(storm_ends);
    calm_down();
    if (hole_) {
      check_hole();
    } else {
      settle();
      check_rest();
    }
  } catch (Violation& violation) {
    outcome.violation = std::move(violation);
  }
  if (outcome.violation)
    trace("VIOLATION {}: {}", outcome.violation->invariant, outcome.violation->found);
  outcome.coverage = coverage_;
  outcome.hash = timeline_.hash();
  outcome.steps = timeline_.steps();
  outcome.entries = ensemble_.end();
  outcome.time = timeline_.now();
  return outcome;
}

// I27: all live groups are in the ring, and nobody else.
bool World::is_joined() const {
  const replica::Replica& replica = oracle_.now();
  const replica::Membership& ring = *replica.membership;
  std::set<GroupId> live;
  for (const auto& host : hosts_) {
    if (host->process == nullptr) continue;
    if (host->member == nullptr || !host->member->is_ready()) return false;
    live.insert(host->member->group());
  }
  std::set<GroupId> known;
  for (const replica::Group& group : replica.groups) known.insert(group.id);
  return !live.empty() && ring.prepared.empty() && ring.accepted.empty() && ring.aborted.empty() &&
         std::set<GroupId>(ring.joined.begin(), ring.joined.end()) == live && known == live &&
         ensemble_.pulses() == live;
}

void World::settle() {
  const std::int64_t deadline = timeline_.now() + kJoinWithin;
  while (!is_joined() && timeline_.now() < deadline) {
    wake_somebody();
    timeline_.run_until(timeline_.now() + 500);
  }
  const auto& ring = *oracle_.now().membership;
  if (!is_joined()) {
    std::string states;
    for (const auto& host : hosts_) {
      if (host->process == nullptr) continue;
      states += fmt::format(" {}:{}", host->number,
                            host->member == nullptr ? "none" : host->member->group().text());
    }
    require(false, "I27 all live groups join, and only they",
            "{} joined, {} known, {} pulses, {} prepared, {} accepted, {} aborted; live:{}",
            ring.joined.size(), oracle_.now().groups.size(), ensemble_.pulses().size(),
            ring.prepared.size(), ring.accepted.size(), ring.aborted.size(), states);
  }
  // I30: it comes to rest, and stays there.
  const std::int64_t rest_by = timeline_.now() + kComeToRestIn;
  Position entries = ensemble_.end();
  std::int64_t since = timeline_.now();
  while (timeline_.now() - since < kRestFor) {
    timeline_.run_until(timeline_.now() + 1'000);
    if (ensemble_.end() != entries) {
      entries = ensemble_.end();
      since = timeline_.now();
    }
    require(since < rest_by, "I30 at rest nothing is written", "still writing at {} ms, {} entries",
            timeline_.now(), entries);
  }
}

// F41: whoever comes to the hole stops there.
void World::check_hole() {
  timeline_.run_until(timeline_.now() + kJoinWithin);
  for (const auto& member : members_) {
    require(member->replica().version < *hole_, "I13 nobody reads past a hole", "{} read {}",
            member->group().text(), member->replica().version);
  }
  for (const auto& host : hosts_) {
    require(host->process == nullptr, "I13 whoever finds a hole stops", "host {}", host->number);
  }
}

void World::check_rest() {
  require(is_joined(), "I27 all live groups join, and only they", "at rest");
  const replica::Replica& replica = oracle_.now();
  for (const auto& host : hosts_) {
    if (host->process == nullptr) continue;
    const Member& member = *host->member;
    require(member.replica().version == oracle_.newest() && member.is_at_rest(),
            "F35 every group reads to the end", "{} at {} of {}", member.group().text(),
            member.replica().version, oracle_.newest());
    oracle_.compare(member.replica(), member.group());
    require(replica.groups.find(member.group())->peers.size() ==
                (member.is_drained() ? 0 : host->peers),
            "I27 a group has as many peers as it wants", "{} has {} of {}", member.group().text(),
            replica.groups.find(member.group())->peers.size(), host->peers);
  }
  for (const auto& member : members_) {
    for (const std::int64_t seq : member->acknowledged()) {
      oracle_.was_effective(member->group(), seq);
    }
  }
  for (const Submission& submission : submissions_) {
    if (submission.refused) {
      require(!replica::state_of(replica, submission.job), "I29 what is refused is not there", "{}",
              submission.job.text());
      continue;
    }
    require(submission.acknowledged, "I29 a submission is answered", "{}", submission.job.text());
    const auto state = replica::state_of(replica, submission.job);
    if (!state) {
      require(plan_.tombstones < submissions_.size(), "I29 no job is lost", "{}",
              submission.job.text());
      continue;
    }
    require(*state != replica::JobState::running, "I29 a job that runs completes", "{}",
            submission.job.text());
    if (*state != replica::JobState::waiting) continue;
    // I28: whoever waits has a reason.
    const auto why = scheduling::explain(replica, submission.job);
    require(why.reason != scheduling::Reason::running && why.reason != scheduling::Reason::unknown,
            "I28 a job that waits has a reason", "{}", submission.job.text());
    const bool is_free = why.has == 0 && plan_.tags == 0 && why.needs <= why.idle &&
                         replica::find_job(replica, submission.job)->spec->task_scheduler !=
                             replica::TaskScheduler::colocated &&
                         parameters_.job_scheduler != replica::JobScheduler::percentage;
    require(!is_free, "I28 a job with enough peers runs", "{} needs {} of {}",
            submission.job.text(), why.needs, why.idle);
  }
  const auto pass = scheduling::plan_pass(replica, {});
  require(!pass.placement || (pass.placement->leaving.empty() && pass.placement->seatings.empty()),
          "I28 another pass finds nothing to do", "at {}", replica.version);
}

Outcome run_plan(const Plan& plan, bool traces) {
  World world(plan, traces);
  return world.run();
}

}  // namespace onyx::simulation
