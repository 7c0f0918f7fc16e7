// A model of ZooKeeper, as far as the coordination log uses it: servers that agree on one order of writes, and sessions.
//
// Shape:   writes are committed in one order; each server applies them in that order, some of them late. A session talks to
//          one server at a time, in both directions first in, first out; a reply to a write waits until that server has
//          applied it. Reads see what the server has applied, unless they sync. A watch fires once; when the session comes
//          back, its watches are set again and compared with what is there then. A session that was silent for its timeout
//          ends, and its pulses go.
//          An origin is a pointer to parts that are written before it and deleted when another has taken its place.
// Faults:  a connection breaks with requests and replies under way: what the server got is done, what it did not get is not,
//          and the client learns neither. It may be cut in one direction only: then what is under way waits, until the cut
//          heals or the client gives the connection up.
// Units:   milliseconds of the timeline.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "daemon/coordination/entry.h"
#include "tests/simulation/coverage.h"
#include "tests/simulation/noise.h"
#include "tests/simulation/process.h"
#include "tests/simulation/timeline.h"

namespace onyx::simulation {

inline constexpr std::int64_t kSessionTimeout = 4'000;

using EntryPtr = std::shared_ptr<const coordination::LogEntry>;

// Longest text that the store takes.
inline constexpr std::size_t kTextBytesMax = 512 * 1024;

struct Origin {
  Position position = -1;
  std::size_t parts = 0;  // 0 before the first
};

// What is cut of a daemon's network to the ensemble: all, what it would hear, or what it says.
enum class Cut : std::uint8_t { all, in, out };

enum class Code : std::uint8_t {
  ok,
  absent,   // no such node
  taken,    // there already
  aborted,  // lost a race
  refused,  // too large for the store
  lost,     // the connection broke: the outcome is unknown
  expired,  // the session is over
};

struct Reply {
  Code code = Code::ok;
  Position position = -1;
  bool exists = false;
  std::vector<EntryPtr> entries;
  Origin origin;
  std::shared_ptr<const std::string> text;  // a part of an origin
};

class Session;

// A server's part of what all have agreed on.
struct Server {
  struct EntryWatch {
    Session* session;
    std::uint64_t connection;
    Position position;
  };
  struct PulseWatch {
    Session* session;
    std::uint64_t connection;
    std::uint64_t token;
  };

  bool up = true;
  std::int64_t lag = 0;
  std::size_t applied = 0;  // of the commits
  Position begin = 0;       // of the entries that are there
  Position end = 0;
  std::map<GroupId, const Session*> pulses;
  Origin origin;
  std::map<std::pair<Position, std::size_t>, std::shared_ptr<const std::string>> parts;
  std::vector<EntryWatch> entry_watches;
  std::multimap<GroupId, PulseWatch> pulse_watches;
  std::multimap<std::size_t, std::function<void()>> waiting;  // for so many commits to be applied
};

class Ensemble {
 public:
  struct Hooks {
    std::function<void(const EntryPtr&)> appended;
    std::function<void(Position, const std::string& replica_text)> origin_set;
    std::function<void(Position below, Position origin)> truncated;
  };

  Ensemble(Timeline& timeline, Coverage& coverage, std::uint32_t servers, std::uint64_t noise,
           std::int64_t network_delay, Hooks hooks);
  ~Ensemble();

  // A new session of this process; `on_open` once it is connected.
  Session& open(Process& process, std::function<void()> on_open);

  // --- what a request does, at the session's server ---
  Reply append(const std::string& text);
  Reply submit(const JobId& job, const std::string& text);
  Reply announce(Session& session, const GroupId& group);
  Reply store_part(Position position, std::size_t part, std::string text);
  Reply read_part(const Server& server, Position position, std::size_t part) const;
  Reply set_origin(Origin next, Position expected);
  Reply drop_parts(Position position);
  Reply truncate(Position below);
  void sync(Server& server);

  const std::vector<EntryPtr>& entries() const { return entries_; }
  Position end() const { return static_cast<Position>(entries_.size()); }
  std::set<GroupId> pulses() const;
  Server& server(std::uint32_t number) { return servers_[number % servers_.size()]; }
  std::uint32_t servers() const { return static_cast<std::uint32_t>(servers_.size()); }
  bool serves() const;

  // --- faults ---
  void cut(std::uint32_t host, Cut cut);
  void heal(std::uint32_t host);
  bool is_cut(std::uint32_t host) const { return cut_.contains(host); }
  bool is_cut(std::uint32_t host, Cut how) const {
    const auto found = cut_.find(host);
    return found != cut_.end() && found->second == how;
  }
  void set_lossy(std::uint32_t host, bool lossy);
  void jump_clock(std::int64_t by) { wall_clock_ += by; }
  Position make_hole();  // something else than an entry takes the next position, and goes again
  void paused(const Process& process);
  void resumed(const Process& process);
  void crashed(const Process& process, bool close_session);
  void server_down(std::uint32_t server);
  void server_up(std::uint32_t server);
  void set_lag(std::uint32_t server, std::int64_t lag);
  void expire_sessions_of(const Process& process);
  std::vector<Session*> sessions_of(const Process& process);

 private:
  friend class Session;

  enum class Kind : std::uint8_t { append, truncate, part, parts_gone, origin, pulse, pulse_gone };
  struct Commit {
    Kind kind;
    Position position = -1;
    GroupId group;
    const Session* owner = nullptr;
    Origin origin;
    std::size_t part = 0;
    std::shared_ptr<const std::string> text;
  };

  void commit(Commit commit);
  void apply(Server& server, std::size_t until);
  void apply_one(Server& server, const Commit& commit);
  void catch_up_later(std::uint32_t server);
  void end_session(Session& session);
  void reconnect_all();

  Timeline& timeline_;
  Coverage& coverage_;
  const std::uint64_t noise_;
  const std::int64_t network_delay_;
  const Hooks hooks_;
  std::vector<Server> servers_;
  std::vector<Commit> commits_;
  std::vector<EntryPtr> entries_;  // all that were ever appended; null: a hole
  Position begin_ = 0;             // those before are deleted
  Origin origin_;
  std::map<std::pair<Position, std::size_t>, std::shared_ptr<const std::string>> parts_;
  std::map<GroupId, const Session*> pulses_;
  std::set<JobId> jobs_;
  std::map<std::uint32_t, Cut> cut_;
  std::set<std::uint32_t> lossy_;
  std::int64_t wall_clock_ = 1'700'000'000'000;  // at the beginning of the run, in ms since 1970
  std::vector<std::unique_ptr<Session>> sessions_;
};

enum class SessionState : std::uint8_t { connected, expired };

class Session {
 public:
  using Respond = std::function<void(Reply)>;
  using Request = std::function<Reply(Server&)>;
  using Done = std::function<void(const Reply&)>;

  Session(Ensemble& ensemble, Process& process, std::uint64_t number,
          std::function<void()> on_open);

  // Sent again after a loss: it may be done twice without harm.
  void ask(Request request, Done done) { call({std::move(request), std::move(done), false}); }
  // Fails with `lost` when its outcome is unknown.
  void create(Request request, Done done) { call({std::move(request), std::move(done), true}); }

  // One watch for the next entry of the log, as a follower has it.
  // `done` learns whether it is there, and the newest position; else `on_fired` runs when it has come.
  void watch_entry(Position position, Done done, std::function<void()> on_fired);
  std::uint64_t watch_pulse(const GroupId& group, std::function<void()> on_gone);
  void unwatch_pulse(std::uint64_t token) { pulse_watches_.erase(token); }

  void on_state(std::function<void(SessionState)> what) { on_state_ = std::move(what); }
  SessionState state() const { return state_; }
  bool is_over() const { return state_ == SessionState::expired; }
  void close();

  // --- faults, each for the next create ---
  std::int64_t lose_reply_for = -1;  // how long the connection is away then
  std::int64_t lose_request_for = -1;
  bool double_next = false;

 private:
  friend class Ensemble;

  struct Call {
    Request request;
    Done done;
    bool is_create = false;
  };
  struct EntryWatch {
    Position position = -1;
    std::function<void()> on_fired;
    bool armed = false;
  };
  struct PulseWatch {
    GroupId group;
    std::function<void()> on_gone;
    bool armed = false;
  };

  void call(Call call);
  void send(std::uint64_t id);
  void arrive(std::uint64_t id, std::uint64_t connection);
  void respond(std::uint64_t id, std::uint64_t connection, Reply reply);
  void push(std::uint64_t connection, std::function<void()> event);
  void finish(std::uint64_t id, const Reply& reply);
  void connect();
  bool can_connect() const;
  void connected();
  void set_watches();
  void drop(std::int64_t away);
  void cut_one_way();
  void healed();
  void notice();         // who hears whom, now that something has changed
  void server_silent();  // the server hears nothing from now on
  void client_silent();  // the client hears nothing from now on
  void check_expiry(std::uint64_t silence);
  void check_own_clock(std::uint64_t silence);
  void become_expired();
  std::int64_t delay();

  Ensemble& ensemble_;
  Timeline& timeline_;
  Process& process_;
  Noise noise_;
  std::function<void()> on_open_;
  std::function<void(SessionState)> on_state_;

  // the server's side
  std::uint32_t server_ = 0;
  bool ended_ = false;         // expired or closed
  std::uint64_t silence_ = 0;  // counts the times it fell silent or spoke again
  bool is_silent_ = true;

  // the client's side
  SessionState state_ = SessionState::connected;
  bool is_connected_ = false;
  bool was_connected_ = false;
  bool closed_ = false;
  bool away_ = false;                 // waits before it connects again
  std::uint64_t client_silence_ = 0;  // counts as silence_ does
  bool client_is_silent_ = true;
  std::vector<std::function<void()>> stalled_;  // under way in the direction that is cut
  std::uint64_t connection_ = 0;
  std::uint64_t arriving_ = 0;     // the connection of the request that the server works on
  std::size_t seen_ = 0;           // commits: it never goes back behind them
  std::int64_t accept_until_ = 0;  // requests of the last connection that are still under way
  std::int64_t last_arrival_ = 0;
  std::int64_t last_delivery_ = 0;
  std::uint64_t next_call_ = 0;
  std::map<std::uint64_t, Call> calls_;
  EntryWatch entry_watch_;
  std::map<std::uint64_t, PulseWatch> pulse_watches_;
  std::uint64_t next_token_ = 0;
};

}  // namespace onyx::simulation
