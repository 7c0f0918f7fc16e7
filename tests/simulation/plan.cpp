#include "tests/simulation/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "tests/simulation/noise.h"

namespace onyx::simulation {

namespace {

constexpr std::string_view kActNames[] = {
#define X(name) #name,
    ONYX_SIMULATION_ACTS(X)
#undef X
};

struct Weight {
  ActKind kind;
  std::uint32_t weight;
  bool always;  // whatever the seed switches off
};

constexpr Weight kWeights[] = {
    {ActKind::submit, 30, true},
    {ActKind::resubmit, 2, false},
    {ActKind::kill, 4, false},
    {ActKind::gc, 5, false},
    {ActKind::add_peers, 5, false},
    {ActKind::add_many_peers, 1, false},
    {ActKind::remove_peer, 4, false},
    {ActKind::start_host, 7, false},
    {ActKind::stop_host, 4, false},
    {ActKind::evict, 4, false},
    {ActKind::fail_task, 5, false},
    {ActKind::stale_report, 3, false},
    {ActKind::poison, 2, false},
    {ActKind::too_large, 1, false},
    {ActKind::declare_dead, 2, false},
    {ActKind::crash, 8, false},
    {ActKind::crash_coordinator, 5, false},
    {ActKind::crash_all, 1, false},
    {ActKind::pause, 5, false},
    {ActKind::cut, 6, false},
    {ActKind::cut_in, 3, false},
    {ActKind::cut_out, 3, false},
    {ActKind::flap, 2, false},
    {ActKind::lossy, 2, false},
    {ActKind::cut_data, 3, false},
    {ActKind::restart_server, 3, false},
    {ActKind::elect_leader, 3, false},
    {ActKind::lose_ensemble, 2, false},
    {ActKind::skew_clock, 2, false},
    {ActKind::jump_clock, 2, false},
    {ActKind::late_timers, 3, false},
    {ActKind::double_entry, 5, false},
    {ActKind::lose_reply, 6, false},
    {ActKind::lose_request, 4, false},
    {ActKind::slow_reader, 5, false},
    {ActKind::slow_writer, 4, false},
    {ActKind::lag_server, 4, false},
    {ActKind::expire, 4, false},
    {ActKind::drain, 3, false},
};

// Small clusters show most; large ones now and then.
std::uint32_t hosts_of(Noise& noise) {
  switch (noise.pick(16)) {
    case 0:
      return 1;
    case 15:
      return static_cast<std::uint32_t>(noise.between(12, 40));
    case 13:
    case 14:
      return static_cast<std::uint32_t>(noise.between(7, 12));
    default:
      return static_cast<std::uint32_t>(noise.between(2, 6));
  }
}

std::int64_t lasting(ActKind kind, Noise& noise) {
  switch (kind) {
    case ActKind::pause:
    case ActKind::cut:
    case ActKind::cut_in:
    case ActKind::cut_out:
      return noise.pick(2) == 0 ? noise.between(50, 1'900) : noise.between(3'000, 12'000);
    case ActKind::crash:
    case ActKind::crash_coordinator:
    case ActKind::crash_all:
      return noise.pick(3) == 0 ? -1 : noise.small(12'000);  // -1: does not come back
    case ActKind::lose_ensemble:
      return noise.between(500, 12'000);
    case ActKind::flap:
      return noise.between(1'000, 8'000);
    case ActKind::restart_server:
    case ActKind::elect_leader:
      return noise.between(50, 3'000);
    case ActKind::lossy:
    case ActKind::cut_data:
    case ActKind::late_timers:
    case ActKind::slow_reader:
    case ActKind::slow_writer:
    case ActKind::lag_server:
    case ActKind::skew_clock:
      return noise.between(500, 10'000);
    case ActKind::lose_reply:
    case ActKind::lose_request:
      return noise.between(10, 1'500);
    default:
      return 0;
  }
}

}  // namespace

std::string_view name_of(ActKind kind) { return kActNames[static_cast<std::size_t>(kind)]; }

Plan plan_of(std::uint64_t seed) {
  Noise noise(mix(seed) | 1U);
  Plan plan;
  plan.noise = noise.pick(16) == 0 ? 0 : (mix(seed ^ 0x5eedU) | 1U);
  plan.hosts = hosts_of(noise);
  plan.servers = noise.pick(3) == 0 ? 1 : 3;
  plan.peers = static_cast<std::uint32_t>(noise.between(0, plan.hosts > 12 ? 2 : 4));
  plan.scheduler = static_cast<std::uint32_t>(noise.pick(4)) % 3;
  plan.tags = noise.pick(3) == 0 ? 1 : 0;
  plan.colocation = noise.pick(4) == 0 ? 1 : 0;
  plan.tombstones = noise.pick(4) == 0 ? static_cast<std::uint32_t>(noise.pick(4)) : 100;
  plan.start_spread = noise.pick(2) == 0 ? 0 : noise.between(1, 5'000);
  plan.network_delay = noise.pick(4) == 0 ? noise.between(20, 300) : noise.between(1, 20);
  plan.thread_delay = noise.pick(4) == 0 ? noise.between(5, 100) : noise.pick(3);

  std::vector<Weight> on;
  std::uint32_t total = 0;
  const bool all = noise.pick(8) == 0;
  for (const Weight& weight : kWeights) {
    if (!weight.always && !all && noise.pick(5) < 3) continue;
    on.push_back(weight);
    total += weight.weight;
  }
  // Seldom so long that a gc forgets groups that left before another.
  const std::int64_t time =
      noise.pick(8) == 7 ? noise.between(100'000, 250'000) : noise.between(3'000, 40'000);
  const auto count = plan.hosts > 12 ? noise.between(0, 15) : noise.between(1, 40);
  for (std::int64_t i = 0; i < count; ++i) {
    auto at = static_cast<std::int64_t>(noise.pick(total));
    const Weight* chosen = on.data();
    while (at >= chosen->weight) at -= (chosen++)->weight;
    Act act;
    act.kind = chosen->kind;
    act.at = noise.between(0, time);
    act.who = static_cast<std::uint32_t>(noise.pick(64));
    act.what = static_cast<std::uint32_t>(noise.pick(100'000));
    act.lasts = lasting(act.kind, noise);
    plan.acts.push_back(act);
  }
  // Nobody passes a hole: nothing else can be seen after one.
  if (noise.pick(32) == 31) {
    plan.acts.push_back({noise.between(time / 2, time), ActKind::make_hole, 0, 0, 0});
  }
  std::stable_sort(plan.acts.begin(), plan.acts.end(),
                   [](const Act& a, const Act& b) { return a.at < b.at; });
  return plan;
}

std::string to_text(const Plan& plan) {
  std::string text = fmt::format(
      "shape noise={} hosts={} servers={} peers={} scheduler={} tags={} colocation={} "
      "tombstones={} spread={} network={} thread={}\n",
      plan.noise, plan.hosts, plan.servers, plan.peers, plan.scheduler, plan.tags, plan.colocation,
      plan.tombstones, plan.start_spread, plan.network_delay, plan.thread_delay);
  for (const Act& act : plan.acts) {
    text += fmt::format("{} {} who={} what={} lasts={}\n", act.at, name_of(act.kind), act.who,
                        act.what, act.lasts);
  }
  return text;
}

namespace {

// The number after `name=`, or nothing.
template <class T>
bool read_number(const std::string& line, std::string_view name, T& into) {
  const std::size_t at = line.find(fmt::format(" {}=", name));
  if (at == std::string::npos) return false;
  std::istringstream in(line.substr(at + name.size() + 2));
  return static_cast<bool>(in >> into);
}

}  // namespace

std::optional<Plan> plan_from_text(std::string_view text) {
  Plan plan;
  bool has_shape = false;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("shape ")) {
      has_shape =
          read_number(line, "noise", plan.noise) && read_number(line, "hosts", plan.hosts) &&
          read_number(line, "servers", plan.servers) && read_number(line, "peers", plan.peers) &&
          read_number(line, "scheduler", plan.scheduler) && read_number(line, "tags", plan.tags) &&
          read_number(line, "colocation", plan.colocation) &&
          read_number(line, "tombstones", plan.tombstones) &&
          read_number(line, "spread", plan.start_spread) &&
          read_number(line, "network", plan.network_delay) &&
          read_number(line, "thread", plan.thread_delay);
      if (!has_shape) return std::nullopt;
      continue;
    }
    Act act;
    std::string name;
    std::istringstream words(line);
    if (!(words >> act.at >> name)) return std::nullopt;
    const auto* const found = std::find(std::begin(kActNames), std::end(kActNames), name);
    if (found == std::end(kActNames) || !read_number(line, "who", act.who) ||
        !read_number(line, "what", act.what) || !read_number(line, "lasts", act.lasts)) {
      return std::nullopt;
    }
    act.kind = static_cast<ActKind>(found - std::begin(kActNames));
    plan.acts.push_back(act);
  }
  if (!has_shape) return std::nullopt;
  return plan;
}

}  // namespace onyx::simulation
