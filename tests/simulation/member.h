// One life of a simulated peer group: what runtime::Incarnation does with threads, done with callbacks.
//
//      session ──▶ follower ──▶ inbox ──▶ apply, respond (the real ones) ──▶ outbox ──▶ log
//                                                         └──▶ watches, probes, timers, errands, tasks
//
// Shape:   decisions are those of daemon/coordination; here they are carried out against the model of ZooKeeper, each step
//          at a time that the noise chooses.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/coordination/appending.h"
#include "daemon/coordination/self.h"
#include "daemon/coordination/transition.h"
#include "tests/simulation/ensemble.h"
#include "tests/simulation/noise.h"

namespace onyx::simulation {

class World;
struct Host;

class Member {
 public:
  Member(World& world, Host& host, Process& process, std::uint64_t number);

  void begin();
  // Stops at once or leaves in good order; on_end of the world follows when all is written.
  void end(bool leave);

  const GroupId& group() const { return self_.group; }
  bool is_alive() const { return !ended_ && !process_.dead; }
  bool is_ready() const;  // joined, with all the peers it began with, or drained
  bool is_drained() const;
  const replica::Replica& replica() const { return replica_; }
  Process& process() { return process_; }
  Session* session() { return session_; }
  const std::vector<PeerId>& peers() const { return peers_; }
  bool is_at_rest() const;  // nothing waits to be written or applied

  // What a client of this daemon asks for.
  void append(coordination::Draft draft);
  void add_peers(std::size_t count);
  void remove_peer(std::size_t which);
  void fail_task(std::size_t which, bool kill, const std::string& reason);
  void lose_sight_of(const GroupId& other);  // its data plane reaches none of that group's peers
  bool has_tasks() const { return !tasks_.empty(); }
  bool coordinates() const { return !coordinators_.empty(); }

  // What is known to be in the log, by sequence number.
  const std::vector<std::int64_t>& acknowledged() const { return acknowledged_; }

 private:
  struct Running {
    JobId job;
    TaskId task;
    SlotId slot = 0;
    ReplicaVersion version = -1;
    bool operator==(const Running&) const = default;
  };
  struct Coordinating {
    PeerId peer;
    ReplicaVersion version = -1;
    bool operator==(const Coordinating&) const = default;
  };

  // --- begin ---
  void announce();
  void read_origin();
  void read_parts(const Origin& origin, std::size_t part, std::string text);
  void start(const Origin& origin, const std::string& replica_text, Position newest);

  // --- the group's thread ---
  void post(std::function<void()> event);
  void run_inbox();
  void apply(const EntryPtr& entry);
  void perform(const std::vector<coordination::Effect>& effects);
  void watch(const std::set<GroupId>& groups);
  void pulse_gone(const GroupId& group);
  void start_over(const char* why);
  void append_later(coordination::Draft draft, std::int64_t delay);
  void restart_job(const Running& running, const std::string& reason);
  coordination::Draft add_peers_draft(std::vector<PeerId> peers) const;
  std::vector<PeerId> new_peers(std::size_t count);
  void switch_tasks(const coordination::Effect& effect);
  void check_tasks(const coordination::LogEntry& entry) const;
  void coordinate(const JobId& job, ReplicaVersion version);

  // --- the follower ---
  void follow();
  void await_next();
  void read_ahead();
  void explain_absence();
  void behind_gc();

  // --- the outbox ---
  void write_next();
  void write_step();
  void written(const Result<Position>& result);

  // --- errands ---
  void errand(std::function<void(std::function<void()>)> what);
  void next_errand();
  void truncate(Position position, std::string replica_text);
  void write_origin(const Origin& next, Position current, std::shared_ptr<const std::string> text,
                    std::size_t part, std::function<void()> done);
  void flip_origin(const Origin& next, Position current, std::function<void()> done);
  void truncate_step(Position below, std::function<void()> done);

  void finish_ending();
  // Runs after a delay, unless the process is gone by then.
  void after(std::int64_t delay, std::function<void()> what);
  // The same by a timer, which may be late.
  void timer(std::int64_t delay, std::function<void()> what);

  World& world_;
  Host& host_;
  Process& process_;
  Noise noise_;
  Session* session_ = nullptr;
  coordination::Self self_;
  replica::Replica replica_;
  std::vector<PeerId> peers_;
  std::set<PeerId> let_go_;
  std::set<PeerId> asked_for_;  // not read in the log yet
  bool has_begun_ = false;
  bool ended_ = false;
  bool leaves_ = false;
  bool is_over_ = false;

  std::deque<std::function<void()>> inbox_;
  bool inbox_scheduled_ = false;

  Position next_ = 0;
  Position known_ = -1;
  std::uint64_t waiting_ = 0;  // counts the follower's waits

  std::deque<coordination::Draft> outbox_;
  std::optional<coordination::Appending> appending_;
  std::int64_t next_seq_ = 0;
  Position written_up_to_ = -1;
  std::vector<std::int64_t> acknowledged_;

  std::deque<std::function<void(std::function<void()>)>> errands_;
  bool on_errand_ = false;

  std::map<GroupId, std::uint64_t> watches_;
  std::map<PeerId, Running> tasks_;
  std::map<JobId, Coordinating> coordinators_;
  std::set<JobId> told_finished_;
  std::set<std::pair<JobId, ReplicaVersion>> cut_off_;  // allocations with peers out of reach
};

}  // namespace onyx::simulation
