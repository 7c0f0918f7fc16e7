// One run: a cluster of daemons, a model of ZooKeeper, a plan of what happens, and a judge.
//
// Shape:   the storm (the plan's acts, faults among them), then the calm: every fault is over, and the cluster has to
//          come to rest: all live groups in one ring, every job that can run done.
// Source:  robustness rules, 5: layer A.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/coverage.h"
#include "tests/simulation/ensemble.h"
#include "tests/simulation/member.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/process.h"
#include "tests/simulation/timeline.h"

namespace onyx::simulation {

struct Host {
  std::uint32_t number = 0;
  Process* process = nullptr;  // null: down
  Member* member = nullptr;    // the current one
  bool stops = false;          // shall not begin again after this member
  std::size_t peers = 0;       // that the next member begins with
  bool is_drained = false;     // and so is the next member
  std::vector<std::string> tags;
  std::optional<std::vector<std::string>> plugins;
  std::string site;
  std::int64_t reader_delay = 0;
  std::int64_t writer_delay = 0;
  std::int64_t timer_delay = 0;
  std::int64_t clock_percent = 100;
};

struct Outcome {
  std::optional<Violation> violation;
  Coverage coverage;
  std::uint64_t hash = 0;  // of everything that happened
  std::uint64_t steps = 0;
  Position entries = 0;
  std::int64_t time = 0;
};

class World {
 public:
  World(const Plan& plan, bool traces);

  Outcome run();

  // --- for the members ---
  const Plan& plan() const { return plan_; }
  const replica::Parameters& parameters() const { return parameters_; }
  Timeline& timeline() { return timeline_; }
  Coverage& coverage() { return coverage_; }
  Ensemble& ensemble() { return ensemble_; }
  Oracle& oracle() { return oracle_; }
  std::string fresh_id(char kind);
  std::int64_t duration_of(const JobId& job) const;
  bool compares(Position position) const;
  std::optional<Position> hole() const { return hole_; }
  void member_ended(Member& member);

  template <class... Args>
  void require(bool holds, const char* invariant, fmt::format_string<Args...> format,
               Args&&... args) const {
    if (!holds) throw Violation{invariant, fmt::format(format, std::forward<Args>(args)...)};
  }
  template <class... Args>
  void trace(fmt::format_string<Args...> format, Args&&... args) const {
    if (!traces_) return;
    std::fputs(fmt::format("{:>8} ms  {}\n", timeline_.now(),
                           fmt::format(format, std::forward<Args>(args)...))
                   .c_str(),
               stdout);
  }

 private:
  void trace_entry(const coordination::LogEntry& entry) const;

  struct Submission {
    JobId job;
    coordination::SubmitJob command;
    std::int64_t duration = 0;
    bool acknowledged = false;
    bool refused = false;
  };

  // --- hosts ---
  Host& add_host();
  void start_host(Host& host);
  void crash_host(Host& host, bool with_helper, std::int64_t back_after);
  Host* some_host(std::uint32_t who, bool (*fits)(const Host&));
  Member* some_member(std::uint32_t who);

  // --- acts ---
  void perform(const Act& act);
  void submit(const Act& act);
  void hand_in(std::size_t submission, std::uint32_t who);
  void pause(Host& host, std::int64_t lasts);
  void lose_ensemble(std::int64_t lasts, std::optional<std::uint32_t> leader);
  void cut(Host& host, Cut how, std::int64_t lasts);
  void cut_data(const Act& act);
  void add_many_peers(const Act& act);
  void too_large(const Act& act);
  void stale_report(const Act& act);
  void calm_down();
  void wake_somebody();

  // --- the end ---
  bool is_joined() const;
  void settle();
  void check_hole();
  void check_rest();

  const Plan plan_;
  const bool traces_;
  const replica::Parameters parameters_;
  Noise noise_;
  Timeline timeline_;
  Coverage coverage_;
  Oracle oracle_;
  Ensemble ensemble_;
  std::vector<std::unique_ptr<Process>> processes_;
  std::vector<std::unique_ptr<Host>> hosts_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<Submission> submissions_;
  std::map<JobId, std::int64_t> durations_;
  std::uint64_t next_id_ = 0;
  bool is_calm_ = false;
  std::optional<Position> hole_;  // of the log: nobody gets past it
};

Outcome run_plan(const Plan& plan, bool traces = false);

}  // namespace onyx::simulation
