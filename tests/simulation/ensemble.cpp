#include "tests/simulation/ensemble.h"

#include <algorithm>

#include "daemon/coordination/entry_edn.h"

namespace onyx::simulation {

namespace {

constexpr Position kDeleteBatch = 20;

}  // namespace

Ensemble::Ensemble(Timeline& timeline, Coverage& coverage, std::uint32_t servers,
                   std::uint64_t noise, std::int64_t network_delay, Hooks hooks)
    : timeline_(timeline),
      coverage_(coverage),
      noise_(noise),
      network_delay_(network_delay),
      hooks_(std::move(hooks)),
      servers_(std::max<std::uint32_t>(1, servers)) {}

Ensemble::~Ensemble() = default;

Session& Ensemble::open(Process& process, std::function<void()> on_open) {
  sessions_.push_back(
      std::make_unique<Session>(*this, process, sessions_.size() + 1, std::move(on_open)));
  sessions_.back()->connect();
  return *sessions_.back();
}

Reply Ensemble::append(const std::string& text) {
  if (text.size() > kTextBytesMax) return {.code = Code::refused};
  const Position position = end();
  entries_.push_back(std::make_shared<const coordination::LogEntry>(
      coordination::decode(text, position, wall_clock_ + timeline_.now())));
  commit({.kind = Kind::append, .position = position});
  hooks_.appended(entries_.back());
  return {.position = position};
}

Position Ensemble::make_hole() {
  const Position position = end();
  entries_.push_back(nullptr);
  commit({.kind = Kind::append, .position = position});
  return position;
}

Reply Ensemble::submit(const JobId& job, const std::string& text) {
  if (jobs_.contains(job)) return {.code = Code::ok, .exists = true};
  Reply reply = append(text);
  if (reply.code == Code::ok) jobs_.insert(job);
  return reply;
}

Reply Ensemble::announce(Session& session, const GroupId& group) {
  const auto found = pulses_.find(group);
  if (found != pulses_.end()) {
    return {.code = found->second == &session ? Code::ok : Code::taken};
  }
  commit({.kind = Kind::pulse, .group = group, .owner = &session});
  return {};
}

Reply Ensemble::store_part(Position position, std::size_t part, std::string text) {
  if (parts_.contains({position, part})) return {};
  commit({.kind = Kind::part,
          .position = position,
          .part = part,
          .text = std::make_shared<const std::string>(std::move(text))});
  return {};
}

Reply Ensemble::read_part(const Server& server, Position position, std::size_t part) const {
  const auto found = server.parts.find({position, part});
  if (found == server.parts.end()) return {.code = Code::absent};
  return {.text = found->second};
}

Reply Ensemble::set_origin(Origin next, Position expected) {
  if (origin_.position != expected || next.position <= expected) return {.code = Code::aborted};
  std::string text;
  for (std::size_t part = 0; part < next.parts; ++part) text += *parts_.at({next.position, part});
  hooks_.origin_set(next.position, text);
  commit({.kind = Kind::origin, .position = next.position, .origin = next});
  return {};
}

Reply Ensemble::drop_parts(Position position) {
  if (parts_.contains({position, 0})) commit({.kind = Kind::parts_gone, .position = position});
  return {};
}

Reply Ensemble::truncate(Position below) {
  if (below > origin_.position + 1) return {.code = Code::aborted};
  const Position until = std::min(below, begin_ + kDeleteBatch);
  if (until > begin_) {
    hooks_.truncated(until, origin_.position);
    commit({.kind = Kind::truncate, .position = until});
  }
  return {.code = Code::ok, .position = begin_};
}

void Ensemble::sync(Server& server) { apply(server, commits_.size()); }

std::set<GroupId> Ensemble::pulses() const {
  std::set<GroupId> groups;
  for (const auto& [group, session] : pulses_) groups.insert(group);
  return groups;
}

bool Ensemble::serves() const {
  return std::any_of(servers_.begin(), servers_.end(), [](const Server& s) { return s.up; });
}

void Ensemble::commit(Commit commit) {
  switch (commit.kind) {
    case Kind::append:
      break;
    case Kind::truncate:
      begin_ = commit.position;
      break;
    case Kind::part:
      parts_.emplace(std::pair(commit.position, commit.part), commit.text);
      break;
    case Kind::parts_gone:
      std::erase_if(parts_, [&](const auto& p) { return p.first.first == commit.position; });
      break;
    case Kind::origin:
      origin_ = commit.origin;
      break;
    case Kind::pulse:
      pulses_.emplace(commit.group, commit.owner);
      break;
    case Kind::pulse_gone:
      pulses_.erase(commit.group);
      break;
  }
  commits_.push_back(std::move(commit));
  for (std::uint32_t i = 0; i < servers_.size(); ++i) catch_up_later(i);
}

void Ensemble::catch_up_later(std::uint32_t number) {
  Server& server = servers_[number];
  if (!server.up) return;
  const std::size_t until = commits_.size();
  if (server.lag == 0) return apply(server, until);
  timeline_.after(server.lag, [this, &server, until] {
    if (server.up) apply(server, until);
  });
}

void Ensemble::apply(Server& server, std::size_t until) {
  while (server.applied < std::min(until, commits_.size())) {
    apply_one(server, Commit(commits_[server.applied]));
  }
}

void Ensemble::apply_one(Server& server, const Commit& commit) {
  ++server.applied;
  switch (commit.kind) {
    case Kind::append: {
      server.end = commit.position + 1;
      const auto fired = std::stable_partition(
          server.entry_watches.begin(), server.entry_watches.end(),
          [&](const Server::EntryWatch& w) { return w.position != commit.position; });
      const std::vector<Server::EntryWatch> watches(fired, server.entry_watches.end());
      server.entry_watches.erase(fired, server.entry_watches.end());
      for (const auto& [session, connection, position] : watches) {
        Session* const to = session;
        to->push(connection, [to, at = position] {
          auto& watch = to->entry_watch_;
          if (watch.position != at || !std::exchange(watch.armed, false)) return;
          watch.on_fired();
        });
      }
      break;
    }
    case Kind::truncate:
      server.begin = commit.position;
      break;
    case Kind::part:
      server.parts.emplace(std::pair(commit.position, commit.part), commit.text);
      break;
    case Kind::parts_gone:
      std::erase_if(server.parts, [&](const auto& p) { return p.first.first == commit.position; });
      break;
    case Kind::origin:
      server.origin = commit.origin;
      break;
    case Kind::pulse:
      server.pulses.emplace(commit.group, commit.owner);
      break;
    case Kind::pulse_gone: {
      server.pulses.erase(commit.group);
      const auto [first, last] = server.pulse_watches.equal_range(commit.group);
      std::vector<Server::PulseWatch> watches;
      for (auto it = first; it != last; ++it) watches.push_back(it->second);
      server.pulse_watches.erase(first, last);
      for (const auto& [session, connection, token] : watches) {
        Session* const to = session;
        to->push(connection, [to, id = token] {
          const auto watch = to->pulse_watches_.find(id);
          if (watch == to->pulse_watches_.end() || !std::exchange(watch->second.armed, false))
            return;
          watch->second.on_gone();
        });
      }
      break;
    }
  }
  while (!server.waiting.empty() && server.waiting.begin()->first <= server.applied) {
    auto what = std::move(server.waiting.begin()->second);
    server.waiting.erase(server.waiting.begin());
    what();
  }
}

void Ensemble::end_session(Session& session) {
  if (std::exchange(session.ended_, true)) return;
  std::vector<GroupId> gone;
  for (const auto& [group, owner] : pulses_) {
    if (owner == &session) gone.push_back(group);
  }
  for (const GroupId& group : gone) commit({.kind = Kind::pulse_gone, .group = group});
  session.drop(0);
}

void Ensemble::reconnect_all() {
  for (const auto& session : sessions_) session->connect();
}

std::vector<Session*> Ensemble::sessions_of(const Process& process) {
  std::vector<Session*> found;
  for (const auto& session : sessions_) {
    if (session->process_.number == process.number && !session->closed_) {
      found.push_back(session.get());
    }
  }
  return found;
}

void Ensemble::cut(std::uint32_t host, Cut cut) {
  cut_[host] = cut;
  for (const auto& session : sessions_) {
    if (session->process_.host != host) continue;
    if (cut == Cut::all) {
      session->drop(0);
    } else {
      session->cut_one_way();
    }
  }
}

void Ensemble::heal(std::uint32_t host) {
  cut_.erase(host);
  for (const auto& session : sessions_) {
    if (session->process_.host == host) session->healed();
  }
}

void Ensemble::set_lossy(std::uint32_t host, bool lossy) {
  if (lossy) {
    lossy_.insert(host);
  } else {
    lossy_.erase(host);
  }
}

void Ensemble::paused(const Process& process) {
  for (Session* session : sessions_of(process)) session->notice();
}

void Ensemble::resumed(const Process& process) {
  for (Session* session : sessions_of(process)) {
    session->notice();
    session->connect();
  }
}

void Ensemble::crashed(const Process& process, bool close_session) {
  for (Session* session : sessions_of(process)) {
    session->drop(0);
    session->closed_ = true;
    if (close_session) end_session(*session);
  }
}

void Ensemble::server_down(std::uint32_t number) {
  Server& server = servers_[number];
  server.up = false;
  server.entry_watches.clear();
  server.pulse_watches.clear();
  server.waiting.clear();
  for (const auto& session : sessions_) {
    if (session->server_ == number) session->drop(0);
  }
}

void Ensemble::server_up(std::uint32_t number) {
  Server& server = servers_[number];
  if (std::exchange(server.up, true)) return;
  apply(server, commits_.size());
  // A new leader gives every session its whole timeout again.
  for (const auto& session : sessions_) {
    if (!session->ended_ && session->is_silent_) session->server_silent();
  }
  reconnect_all();
}

void Ensemble::set_lag(std::uint32_t number, std::int64_t lag) {
  Server& server = servers_[number];
  server.lag = lag;
  if (lag == 0 && server.up) apply(server, commits_.size());
}

void Ensemble::expire_sessions_of(const Process& process) {
  for (Session* session : sessions_of(process)) end_session(*session);
}

// --- sessions ---

Session::Session(Ensemble& ensemble, Process& process, std::uint64_t number,
                 std::function<void()> on_open)
    : ensemble_(ensemble),
      timeline_(ensemble.timeline_),
      process_(process),
      noise_(ensemble.noise_, 1'000 + number),
      on_open_(std::move(on_open)),
      server_(static_cast<std::uint32_t>(noise_.pick(ensemble.servers()))) {}

std::int64_t Session::delay() {
  const bool sent_again = ensemble_.lossy_.contains(process_.host) && noise_.pick(10) >= 7;
  return 1 + noise_.small(ensemble_.network_delay_) + (sent_again ? noise_.between(200, 400) : 0);
}

bool Session::can_connect() const {
  return !process_.dead && !process_.paused && !ensemble_.is_cut(process_.host) &&
         ensemble_.serves();
}

void Session::connect() {
  if (is_connected_ || closed_ || is_over() || away_ || !can_connect()) return;
  timeline_.after(delay(), [this, connection = connection_] {
    if (connection != connection_ || is_connected_ || closed_ || is_over() || !can_connect())
      return;
    connected();
  });
}

void Session::connected() {
  if (ended_) {
    process_.deliver([this] { become_expired(); });
    return;
  }
  while (!ensemble_.servers_[server_].up) server_ = (server_ + 1) % ensemble_.servers();
  ensemble_.apply(ensemble_.servers_[server_], seen_);
  is_connected_ = true;
  notice();
  set_watches();
  std::vector<std::uint64_t> again;
  for (const auto& [id, call] : calls_) {
    if (!call.is_create) again.push_back(id);
  }
  for (const std::uint64_t id : again) send(id);
  if (!was_connected_) {
    push(connection_, [this] {
      if (!std::exchange(was_connected_, true)) on_open_();
    });
  }
}

void Session::set_watches() {
  Server& server = ensemble_.servers_[server_];
  if (entry_watch_.armed) {
    const Position position = entry_watch_.position;
    if (server.end <= position) {
      server.entry_watches.push_back({this, connection_, position});
    } else if (position >= server.begin) {
      push(connection_, [this, position] {
        if (entry_watch_.position != position || !std::exchange(entry_watch_.armed, false)) return;
        entry_watch_.on_fired();
      });
    } else {
      ensemble_.coverage_.note(Seen::watch_missed);
    }
  }
  for (auto& [token, watch] : pulse_watches_) {
    if (!watch.armed) continue;
    if (server.pulses.contains(watch.group)) {
      server.pulse_watches.emplace(watch.group, Server::PulseWatch{this, connection_, token});
    } else {
      push(connection_, [this, id = token] {
        const auto found = pulse_watches_.find(id);
        if (found == pulse_watches_.end() || !std::exchange(found->second.armed, false)) return;
        found->second.on_gone();
      });
    }
  }
}

void Session::call(Call call) {
  const std::uint64_t id = next_call_++;
  const bool is_create = call.is_create;
  calls_.emplace(id, std::move(call));
  if (is_over()) {
    timeline_.after(
        1, [this, id] { process_.deliver([this, id] { finish(id, {.code = Code::expired}); }); });
  } else if (is_connected_) {
    send(id);
  } else if (is_create) {
    timeline_.after(1 + noise_.small(300), [this, id] {
      process_.deliver([this, id] { finish(id, {.code = Code::lost}); });
    });
  }
}

void Session::send(std::uint64_t id) {
  if (ensemble_.is_cut(process_.host, Cut::out)) {
    stalled_.push_back([this, id, connection = connection_] {
      if (connection == connection_) send(id);
    });
    return;
  }
  last_arrival_ = std::max(last_arrival_, timeline_.now() + delay());
  timeline_.at(last_arrival_, [this, id, connection = connection_] { arrive(id, connection); });
}

void Session::arrive(std::uint64_t id, std::uint64_t connection) {
  const bool is_current = connection == connection_;
  const bool was_under_way = connection + 1 == connection_ && timeline_.now() <= accept_until_;
  if (!is_current && !was_under_way) return;
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  if (ended_) return respond(id, connection, {.code = Code::expired});
  Server& server = ensemble_.servers_[server_];
  if (!server.up) return;
  const bool is_create = found->second.is_create;
  if (is_create && is_current && lose_request_for >= 0) {
    ensemble_.coverage_.note(Seen::request_lost);
    return drop(std::exchange(lose_request_for, -1));
  }
  const Request request = found->second.request;
  arriving_ = connection;
  const std::size_t before = ensemble_.commits_.size();
  Reply reply = request(server);
  if (is_create && std::exchange(double_next, false)) {
    ensemble_.coverage_.note(Seen::entry_doubled);
    request(server);
  }
  const std::size_t after = ensemble_.commits_.size();
  if (is_create && is_current && lose_reply_for >= 0) {
    ensemble_.coverage_.note(Seen::reply_lost);
    return drop(std::exchange(lose_reply_for, -1));
  }
  if (after != before && server.applied < after) {
    server.waiting.emplace(after, [this, id, connection, reply = std::move(reply)]() mutable {
      respond(id, connection, std::move(reply));
    });
    return;
  }
  respond(id, connection, std::move(reply));
}

void Session::respond(std::uint64_t id, std::uint64_t connection, Reply reply) {
  push(connection, [this, id, reply = std::move(reply)] { finish(id, reply); });
}

void Session::push(std::uint64_t connection, std::function<void()> event) {
  if (connection != connection_ || !is_connected_) return;
  if (ensemble_.is_cut(process_.host, Cut::in)) {
    stalled_.push_back([this, connection, event = std::move(event)] { push(connection, event); });
    return;
  }
  last_delivery_ = std::max(last_delivery_, timeline_.now() + delay());
  const std::size_t seen = ensemble_.servers_[server_].applied;
  timeline_.at(last_delivery_, [this, connection, seen, event = std::move(event)]() mutable {
    if (connection != connection_) return;
    process_.deliver([this, connection, seen, event = std::move(event)] {
      if (closed_ || connection != connection_) return;
      seen_ = std::max(seen_, seen);
      event();
    });
  });
}

void Session::finish(std::uint64_t id, const Reply& reply) {
  const auto found = calls_.find(id);
  if (found == calls_.end() || closed_) return;
  const Done done = std::move(found->second.done);
  calls_.erase(found);
  done(reply);
}

void Session::watch_entry(Position position, Done done, std::function<void()> on_fired) {
  entry_watch_ = {position, std::move(on_fired), false};
  ask(
      [this, position](Server& server) {
        Reply reply;
        reply.exists = server.begin <= position && position < server.end;
        reply.position = server.end - 1;
        if (position >= server.end) server.entry_watches.push_back({this, arriving_, position});
        return reply;
      },
      [this, position, done = std::move(done)](const Reply& reply) {
        if (entry_watch_.position == position && reply.position < position) {
          entry_watch_.armed = reply.code == Code::ok;
        }
        done(reply);
      });
}

std::uint64_t Session::watch_pulse(const GroupId& group, std::function<void()> on_gone) {
  const std::uint64_t token = ++next_token_;
  pulse_watches_.emplace(token, PulseWatch{group, std::move(on_gone), false});
  ask(
      [this, group, token](Server& server) {
        Reply reply;
        reply.exists = server.pulses.contains(group);
        if (reply.exists) {
          server.pulse_watches.emplace(group, Server::PulseWatch{this, arriving_, token});
        }
        return reply;
      },
      [this, token](const Reply& reply) {
        const auto watch = pulse_watches_.find(token);
        if (watch == pulse_watches_.end() || reply.code != Code::ok) return;
        if (reply.exists) {
          watch->second.armed = true;
        } else {
          watch->second.on_gone();
        }
      });
  return token;
}

void Session::close() {
  if (closed_) return;
  if (is_connected_ && !ended_ && !ensemble_.is_cut(process_.host, Cut::out)) {
    timeline_.after(delay(), [this] { ensemble_.end_session(*this); });
  }
  closed_ = true;
  calls_.clear();
  pulse_watches_.clear();
  entry_watch_ = {};
  drop(0);  // whether the server has heard it or not: nobody speaks in this session any more
}

void Session::drop(std::int64_t away) {
  if (!is_connected_) return;
  is_connected_ = false;
  ++connection_;
  accept_until_ = timeline_.now() + noise_.small(ensemble_.network_delay_);
  stalled_.clear();
  if (!is_silent_) server_silent();
  if (!client_is_silent_) client_silent();
  for (const auto& [id, call] : calls_) {
    if (!call.is_create) continue;
    timeline_.after(1 + noise_.small(2 * kSessionTimeout / 3), [this, call_id = id] {
      process_.deliver([this, call_id] { finish(call_id, {.code = Code::lost}); });
    });
  }
  away_ = true;
  timeline_.after(away + delay(), [this] {
    away_ = false;
    connect();
  });
}

// The client gives the connection up when nothing it says has been answered for so long.
void Session::cut_one_way() {
  if (!is_connected_) return;
  notice();
  timeline_.after(kSessionTimeout * 2 / 3 * 100 / process_.clock_percent,
                  [this, silence = client_silence_] {
                    process_.deliver([this, silence] {
                      if (silence == client_silence_ && client_is_silent_) drop(0);
                    });
                  });
}

void Session::healed() {
  if (!is_connected_) return connect();
  notice();
  const auto stalled = std::move(stalled_);
  stalled_.clear();
  for (const auto& again : stalled) again();
}

void Session::notice() {
  if (!is_connected_) return;
  const bool server_hears = !process_.paused && !ensemble_.is_cut(process_.host, Cut::out);
  const bool client_hears = !process_.paused && !ensemble_.is_cut(process_.host);
  if (!server_hears && !is_silent_) server_silent();
  if (server_hears && is_silent_) ++silence_;
  is_silent_ = !server_hears;
  if (!client_hears && !client_is_silent_) client_silent();
  if (client_hears && client_is_silent_) ++client_silence_;
  client_is_silent_ = !client_hears;
}

void Session::server_silent() {
  is_silent_ = true;
  const std::uint64_t silence = ++silence_;
  timeline_.after(kSessionTimeout + noise_.between(0, 500),
                  [this, silence] { check_expiry(silence); });
}

void Session::client_silent() {
  client_is_silent_ = true;
  const std::uint64_t silence = ++client_silence_;
  const std::int64_t by_own_clock = kSessionTimeout * 100 / process_.clock_percent;
  timeline_.after(by_own_clock, [this, silence] {
    process_.deliver([this, silence] { check_own_clock(silence); });
  });
}

void Session::check_expiry(std::uint64_t silence) {
  if (silence == silence_ && is_silent_ && ensemble_.serves()) ensemble_.end_session(*this);
}

void Session::check_own_clock(std::uint64_t silence) {
  if (silence != client_silence_ || !client_is_silent_ || closed_ || is_over()) return;
  if (!ended_) ensemble_.coverage_.note(Seen::fenced_by_own_clock);
  become_expired();
}

void Session::become_expired() {
  if (closed_ || is_over()) return;
  state_ = SessionState::expired;
  drop(0);
  std::vector<std::uint64_t> ids;
  for (const auto& [id, call] : calls_) ids.push_back(id);
  for (const std::uint64_t id : ids) {
    timeline_.after(
        1, [this, id] { process_.deliver([this, id] { finish(id, {.code = Code::expired}); }); });
  }
  if (on_state_) on_state_(state_);
}

}  // namespace onyx::simulation
