// What a run is made of: the shape of the cluster, and what happens to it when. A seed gives a plan; a plan can be
// written down, read back and cut down.
//
// Shape:   everything a run depends on is in the plan. An act names its subject by a number that is taken modulo what
//          there is when its time comes, so that any part of a plan is a plan, and smaller numbers are simpler.
// Units:   times in milliseconds of the simulation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onyx::simulation {

// clang-format off
#define ONYX_SIMULATION_ACTS(X)                                                                   \
  /* what people and programs do */                                                               \
  X(submit) X(resubmit) X(kill) X(gc) X(add_peers) X(add_many_peers) X(remove_peer)               \
  X(start_host) X(stop_host) X(evict) X(declare_dead) X(fail_task) X(stale_report) X(poison)      \
  X(too_large) X(drain)                                                                           \
  /* what goes wrong */                                                                           \
  X(crash) X(crash_coordinator) X(crash_all) X(pause) X(cut) X(cut_in) X(cut_out) X(flap)         \
  X(lossy) X(cut_data) X(restart_server) X(elect_leader) X(lose_ensemble) X(skew_clock)           \
  X(jump_clock) X(late_timers) X(double_entry) X(lose_reply) X(lose_request) X(slow_reader)       \
  X(slow_writer) X(lag_server) X(expire) X(make_hole)
// clang-format on

enum class ActKind : std::uint8_t {
#define X(name) name,
  ONYX_SIMULATION_ACTS(X)
#undef X
      count
};

std::string_view name_of(ActKind kind);

struct Act {
  std::int64_t at = 0;
  ActKind kind = ActKind::submit;
  std::uint32_t who = 0;   // which host, job, server …
  std::uint32_t what = 0;  // its variant, or the seed of what is made
  std::int64_t lasts = 0;

  bool operator==(const Act&) const = default;
};

struct Plan {
  std::uint64_t noise = 0;       // seed of delays and ids; 0: everything takes its least time
  std::uint32_t hosts = 1;       // that start at the beginning
  std::uint32_t servers = 1;     // of the ensemble
  std::uint32_t peers = 1;       // per host; a host has 0 … 2 × this, by its number
  std::uint32_t scheduler = 0;   // greedy, balanced, percentage
  std::uint32_t tags = 0;        // 0: none; else hosts and tasks have tags and plugins
  std::uint32_t colocation = 0;  // 0: none; else some jobs are colocated
  std::uint32_t tombstones = 100;
  std::int64_t start_spread = 0;  // hosts start within this time
  std::int64_t network_delay = 1;
  std::int64_t thread_delay = 0;
  std::vector<Act> acts;  // by time

  bool operator==(const Plan&) const = default;
};

Plan plan_of(std::uint64_t seed);

// One line for the shape, one an act; `#` begins a comment.
std::string to_text(const Plan& plan);
std::optional<Plan> plan_from_text(std::string_view text);

}  // namespace onyx::simulation
