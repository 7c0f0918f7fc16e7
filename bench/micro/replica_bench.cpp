// What the control plane costs at size, in process: folding the log that builds a large cluster, one entry on it, one
// scheduling pass, publishing a copy after every entry.
//
//   replica_bench [PEERS [JOBS [KIND]]]        10,000 peers in 100 groups, 1,000 jobs of 4 tasks, unless told otherwise; KIND is one
//                                              of greedy, balanced, percentage, tags, colocated
//
// W12: (i) the fold, (ii) a pass that keeps everybody and one that places everybody, (iii) one entry.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "daemon/coordination/transition.h"
#include "daemon/replica/queries.h"
#include "daemon/scheduling/reallocate.h"

using namespace onyx;
using namespace onyx::coordination;

namespace {

// CPU time of this thread, so that a busy machine does not count.
struct Clock {
  using time_point = double;
  static time_point now() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) / 1e3;
  }
};

double since_us(Clock::time_point start) { return Clock::now() - start; }

std::string uuid(std::uint64_t n) {
  const std::uint64_t mixed = (n + 1) * 0x9e3779b97f4a7c15ULL;
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", mixed >> 32, (mixed >> 16) & 0xffff,
                     mixed & 0xfff, n & 0xfff, n);
}

LogEntry entry(Position at, Command command) {
  LogEntry out;
  out.position = at;
  out.command = std::move(command);
  return out;
}

struct Kind {
  const char* name;
  replica::JobScheduler scheduler = replica::JobScheduler::balanced;
  replica::TaskScheduler tasks = replica::TaskScheduler::balanced;
  bool tagged = false;
};

std::shared_ptr<const replica::JobSpec> spec(const Kind& kind, int jobs) {
  replica::JobSpec job;
  job.task_scheduler = kind.tasks;
  job.percentage_ppm = replica::kWholePpm / jobs;
  for (int t = 0; t < 4; ++t) {
    replica::TaskSpec task{.id = TaskId("task-" + std::to_string(t))};
    task.kind = t == 0   ? replica::TaskKind::input
                : t == 3 ? replica::TaskKind::output
                         : replica::TaskKind::function;
    if (t < 3) task.egress = {TaskId("task-" + std::to_string(t + 1))};
    if (t == 0 || t == 3) task.plugin = "onyx.plugin.file/any";
    if (kind.tagged && t == 1) task.required_tags = {"gpu"};
    job.tasks.push_back(std::move(task));
  }
  return std::make_shared<const replica::JobSpec>(std::move(job));
}

std::vector<LogEntry> log_of(int peers, int jobs, const Kind& kind) {
  constexpr int kGroups = 100;
  std::vector<LogEntry> log;
  const auto append = [&](Command command) {
    log.push_back(entry(static_cast<Position>(log.size()), std::move(command)));
  };
  const std::vector<std::string> plugins = {"onyx.plugin.file/any"};
  for (int g = 0; g < kGroups; ++g) {
    const GroupId group(uuid(1'000'000 + static_cast<std::uint64_t>(g)));
    append(PrepareJoinCluster{group, plugins});
    append(NotifyJoinCluster{group});
    // The observer is the one that the position chose; with nothing else under way that is the sorted list's.
    const GroupId chosen = [&] {
      if (g == 0) return group;
      std::vector<GroupId> joined;
      for (int i = 0; i < g; ++i)
        joined.emplace_back(uuid(1'000'000 + static_cast<std::uint64_t>(i)));
      std::sort(joined.begin(), joined.end());
      return joined[static_cast<std::size_t>(log[log.size() - 2].position) % joined.size()];
    }();
    append(AcceptJoinCluster{{}, {}, chosen, group});
  }
  for (int p = 0; p < peers; ++p) {
    const int g = p % kGroups;
    append(AddVirtualPeers{
        GroupId(uuid(1'000'000 + static_cast<std::uint64_t>(g))),
        {PeerId(uuid(static_cast<std::uint64_t>(p)))},
        fmt::format("10.0.0.{}:7401", g),
        kind.tagged && p % 2 == 0 ? std::vector<std::string>{"gpu"} : std::vector<std::string>{}});
  }
  const auto shared = spec(kind, jobs);
  for (int j = 0; j < jobs; ++j)
    append(SubmitJob{JobId(uuid(2'000'000 + static_cast<std::uint64_t>(j))), shared});
  return log;
}

replica::Replica fold(const std::vector<LogEntry>& log, const replica::Parameters& parameters,
                      bool publish) {
  replica::Replica replica = replica::base_replica(parameters);
  std::shared_ptr<const replica::Replica> published;
  for (const LogEntry& e : log) {
    replica = apply(std::move(replica), e).replica;
    if (publish) published = std::make_shared<const replica::Replica>(replica);
  }
  return replica;
}

// The median of applying each command to the same replica, in place.
double median_us(const replica::Replica& replica, const std::vector<Command>& commands) {
  std::vector<double> times;
  for (const Command& command : commands) {
    replica::Replica copy = replica;
    // Unshare what a first change would clone: in the daemon this is the price of publishing.
    const LogEntry e = entry(copy.version + 1, command);
    const auto start = Clock::now();
    const Applied applied = apply(std::move(copy), e);
    times.push_back(since_us(start));
    if (applied.diff.rejected() != nullptr)
      fmt::print("rejected: {}\n", applied.diff.rejected()->why);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

// The time of the one entry that brings all peers to a cluster where all jobs wait.
double place_all_us(const replica::Parameters& parameters, int peers, int jobs, const Kind& kind) {
  replica::Replica replica = fold(log_of(0, jobs, kind), parameters, false);
  AddVirtualPeers add{replica.membership->joined.front(), {}, "10.0.0.0:7401", {}};
  if (kind.tagged) add.tags = {"gpu"};
  for (int p = 0; p < peers; ++p) add.peers.emplace_back(uuid(static_cast<std::uint64_t>(p)));
  const LogEntry e = entry(replica.version + 1, add);
  const auto start = Clock::now();
  replica = apply(std::move(replica), e).replica;
  return since_us(start);
}

void measure(const Kind& kind, int peers, int jobs) {
  const replica::Parameters parameters{.job_scheduler = kind.scheduler};
  const auto log = log_of(peers, jobs, kind);
  for (const bool publish : {false, true}) {
    const auto start = Clock::now();
    const auto replica = fold(log, parameters, publish);
    const double us = since_us(start);
    fmt::print("{:<10} fold{} {:>8} entries  {:>9.1f} ms  {:>9.0f} entries/s\n", kind.name,
               publish ? ", published" : "           ", log.size(), us / 1e3,
               static_cast<double>(log.size()) / us * 1e6);
    if (!publish) continue;
    const auto pass_start = Clock::now();
    constexpr int kPasses = 20;
    for (int i = 0; i < kPasses; ++i) scheduling::plan_pass(replica, {});
    const double pass_us = since_us(pass_start) / kPasses;
    fmt::print("{:<10} pass that keeps all {:>9.3f} ms, that places all {:>9.3f} ms\n", kind.name,
               pass_us / 1e3, place_all_us(parameters, peers, jobs, kind) / 1e3);
    std::vector<Command> adds, leaves, submits, kills;
    for (std::uint64_t i = 0; i < 15; ++i) {
      adds.push_back(
          AddVirtualPeers{replica.membership->joined[i], {PeerId(uuid(5'000'000 + i))}, "x", {}});
      leaves.push_back(LeaveCluster{PeerId(uuid(i * 37)), {}});
      submits.push_back(SubmitJob{JobId(uuid(6'000'000 + i)), spec(kind, jobs)});
      kills.push_back(KillJob{JobId(uuid(2'000'000 + i * 13)), {}, {}, std::nullopt});
    }
    fmt::print(
        "{:<10} one entry, shared: add {:.3f} ms, leave {:.3f} ms, submit {:.3f} ms, kill {:.3f} "
        "ms\n",
        kind.name, median_us(replica, adds) / 1e3, median_us(replica, leaves) / 1e3,
        median_us(replica, submits) / 1e3, median_us(replica, kills) / 1e3);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int peers = argc > 1 ? std::atoi(argv[1]) : 10'000;
  const int jobs = argc > 2 ? std::atoi(argv[2]) : 1'000;
  fmt::print("{} peers, {} jobs of 4 tasks\n", peers, jobs);
  const std::string only = argc > 3 ? argv[3] : "";
  using replica::JobScheduler;
  using replica::TaskScheduler;
  const Kind kinds[] = {
      {"greedy", JobScheduler::greedy, TaskScheduler::balanced, false},
      {"balanced", JobScheduler::balanced, TaskScheduler::balanced, false},
      {"percentage", JobScheduler::percentage, TaskScheduler::balanced, false},
      {"tags", JobScheduler::balanced, TaskScheduler::balanced, true},
      {"colocated", JobScheduler::balanced, TaskScheduler::colocated, false},
  };
  for (const Kind& kind : kinds) {
    if (only.empty() || only == kind.name) measure(kind, peers, jobs);
  }
}
