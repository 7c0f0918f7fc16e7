// Laws of apply: any entries in any order, sensible or not.
#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "common/edn/printer.h"
#include "daemon/replica/replica_edn.h"
#include "daemon/scheduling/reason_words.h"
#include "tests/support/cluster_log.h"

using namespace onyx;
using namespace onyx::coordination;
using test::ClusterLog;

namespace {

// Turns numbers into entries about a handful of groups, peers and jobs, so that they meet often.
class Choices {
 public:
  explicit Choices(std::vector<std::uint32_t> numbers, bool tags)
      : numbers_(std::move(numbers)), tags_(tags) {}

  bool more() const { return next_ < numbers_.size(); }

  Command command() {
    switch (pick(18)) {
      case 0:
      case 1:
        return PrepareJoinCluster{group(), plugins()};
      case 2:
        return NotifyJoinCluster{group()};
      case 3:
        return AcceptJoinCluster{group(), group(), group(), group()};
      case 4:
        return AbortJoinCluster{group()};
      case 5:
        return GroupLeaveCluster{group()};
      case 6:
      case 7:
      case 8:
        return peers();
      case 9:
        return LeaveCluster{peer(), "chosen"};
      case 10:
      case 11:
      case 12:
        return test::submit("j" + std::to_string(pick(9)), spec());
      case 13:
        return KillJob{job(), "chosen", "test", std::nullopt};
      case 14:
        return pick(2) == 0 ? Command(CompleteJob{job(), std::nullopt, 3})
                            : Command(RestartJob{job(), "chosen", "test", std::nullopt, 3});
      case 15:
        return DrainGroup{group(), pick(8) == 0, pick(2), {}};
      case 16:
        return UndrainGroup{group()};
      default:
        return pick(4) == 0 ? Command(Gc{"r"}) : Command(Senseless{"chosen", "{"});
    }
  }

  std::uint32_t pick(std::uint32_t below) { return more() ? numbers_[next_++] % below : 0; }

 private:
  GroupId group() { return GroupId(std::string(1, static_cast<char>('a' + pick(5)))); }
  PeerId peer() { return PeerId(group().text() + std::to_string(pick(6))); }
  JobId job() { return JobId("j" + std::to_string(pick(9))); }

  std::optional<std::vector<std::string>> plugins() {
    if (!tags_ || pick(2) == 0) return std::nullopt;
    return std::vector<std::string>{"p/x"};
  }

  Command peers() {
    const std::string group_id = group().text();
    std::vector<std::string> ids;
    for (std::uint32_t i = 0; i <= pick(4); ++i) ids.push_back(group_id + std::to_string(pick(6)));
    std::vector<std::string> tags;
    if (tags_ && pick(3) == 0) tags = {"t"};
    return test::add_peers(group_id, ids, tags, group_id);
  }

  replica::JobSpec spec() {
    std::vector<replica::TaskSpec> tasks;
    const std::uint32_t count = 1 + pick(4);
    for (std::uint32_t i = 0; i < count; ++i) {
      auto task = test::task("t" + std::to_string(i), 1 + (pick(4) == 0 ? pick(3) : 0));
      if (pick(3) == 0) task.max_peers = task.min_peers + pick(3);
      if (pick(5) == 0) task.flux = static_cast<replica::FluxPolicy>(1 + pick(3));
      if (task.flux == replica::FluxPolicy::recover) task.max_peers = task.min_peers;
      if (tags_ && pick(4) == 0) task.required_tags = {"t"};
      if (tags_ && pick(4) == 0) task.plugin = pick(3) == 0 ? "p/y" : "p/x";
      task.percentage_ppm = 10'000 * (1 + pick(99));
      tasks.push_back(std::move(task));
    }
    replica::JobSpec spec = test::chain(std::move(tasks));
    spec.percentage_ppm = 10'000 * (1 + pick(60));
    const std::uint32_t scheduler = pick(6);
    if (scheduler == 1) spec.task_scheduler = replica::TaskScheduler::percentage;
    if (scheduler == 2 && tags_) spec.task_scheduler = replica::TaskScheduler::colocated;
    return spec;
  }

  std::vector<std::uint32_t> numbers_;
  std::size_t next_ = 0;
  const bool tags_;
};

rc::Gen<std::vector<std::uint32_t>> numbers() {
  return rc::gen::scale(6, rc::gen::container<std::vector<std::uint32_t>>(
                               rc::gen::inRange<std::uint32_t>(0, 1 << 20)));
}

replica::Parameters parameters(std::uint32_t scheduler) {
  return {.job_scheduler = static_cast<replica::JobScheduler>(scheduler % 3), .tombstones_max = 3};
}

std::string text(const replica::Replica& replica) { return edn::print(replica::to_edn(replica)); }

// Σ over tasks ((x − y) + |y − z|): peers before, without those that left, and after.
std::int64_t movement_bound(const replica::Replica& before, const replica::Replica& after) {
  std::int64_t bound = 0;
  for (const replica::Job& old : before.jobs) {
    const replica::Job* now = after.jobs.find(old.submitted_at);
    for (std::size_t t = 0; t < old.seats.size(); ++t) {
      const auto x = static_cast<std::int64_t>(old.seats[t].size());
      const auto y = std::count_if(old.seats[t].begin(), old.seats[t].end(),
                                   [&](const PeerId& peer) { return after.peers.contains(peer); });
      bound += (x - y) + std::abs(y - static_cast<std::int64_t>(now->seats[t].size()));
    }
  }
  return bound;
}

std::int64_t moves(const Diff& diff) {
  std::int64_t count = 0;
  for (const PeerMove& move : diff.moves) {
    const bool same_task = move.before && move.after && move.before->job == move.after->job &&
                           move.before->task == move.after->task;
    if (!same_task) count += move.before.has_value() + move.after.has_value();
  }
  return count;
}

bool same_jobs(const replica::Replica& a, const replica::Replica& b) {
  return a.jobs.size() == b.jobs.size() &&
         std::equal(a.jobs.begin(), a.jobs.end(), b.jobs.begin(),
                    [](const auto& x, const auto& y) { return x.submitted_at == y.submitted_at; });
}

}  // namespace

TEST_CASE("entries: the invariants hold after any sequence of them", "[coordination][property]") {
  CHECK(rc::check("invariants", [] {
    const auto scheduler = *rc::gen::inRange<std::uint32_t>(0, 3);
    Choices choices(*numbers(), true);
    ClusterLog log(parameters(scheduler));
    while (choices.more()) {
      log.append(choices.command());
      RC_ASSERT(log.violations() == "");
      for (const replica::Job& job : log.replica().jobs) {
        RC_ASSERT(!scheduling::sentence(scheduling::explain(log.replica(), job.id)).empty());
      }
      for (const auto group : {"a", "b"}) log.respond(group);
    }
  }));
}

TEST_CASE("entries: the same ones give the same replica, also from the middle",
          "[coordination][property]") {
  CHECK(rc::check("determinism", [] {
    const auto scheduler = *rc::gen::inRange<std::uint32_t>(0, 3);
    Choices choices(*numbers(), true);
    ClusterLog log(parameters(scheduler));
    std::vector<std::pair<replica::Replica, std::string>> kept;
    while (choices.more()) {
      log.append(choices.command());
      kept.emplace_back(log.replica(), text(log.replica()));
    }
    // Copies kept meanwhile are as they were.
    for (const auto& [replica, as_it_was] : kept) RC_ASSERT(text(replica) == as_it_was);
    // Nobody holds copies of this one: it is changed in place all the way.
    replica::Replica folded = replica::base_replica(parameters(scheduler));
    for (const LogEntry& entry : log.entries()) folded = apply(std::move(folded), entry).replica;
    RC_ASSERT(text(folded) == text(log.replica()));
    if (kept.empty()) return;
    // And from an origin in the middle.
    const std::size_t middle = kept.size() / 2;
    auto resumed = replica::replica_from_edn(replica::to_edn(kept[middle].first));
    RC_ASSERT(resumed.has_value());
    for (std::size_t i = middle + 1; i < log.entries().size(); ++i) {
      *resumed = apply(std::move(*resumed), log.entries()[i]).replica;
    }
    RC_ASSERT(text(*resumed) == text(log.replica()));
  }));
}

TEST_CASE("entries: a second copy of any of them is dropped", "[coordination][property]") {
  CHECK(rc::check("duplicates", [] {
    Choices choices(*numbers(), false);
    ClusterLog log;
    std::int64_t seq = 0;
    while (choices.more()) {
      Command command = choices.command();
      log.append(command, "w", ++seq);
      const std::int64_t again = seq - choices.pick(3);
      replica::Replica before = log.replica();
      log.append(std::move(command), "w", again);
      const bool is_dropped = log.diff().rejected() != nullptr;
      RC_ASSERT(is_dropped);
      before.version = log.replica().version;
      RC_ASSERT(text(before) == text(log.replica()));
    }
  }));
}

TEST_CASE("scheduling: nobody moves without need", "[scheduling][property]") {
  CHECK(rc::check("movement bound", [] {
    const auto scheduler = *rc::gen::inRange<std::uint32_t>(0, 3);
    Choices choices(*numbers(), false);
    ClusterLog log(parameters(scheduler));
    while (choices.more()) {
      const replica::Replica before = log.replica();
      const Diff& diff = log.append(choices.command());
      if (same_jobs(before, log.replica())) {
        RC_ASSERT(moves(diff) <= movement_bound(before, log.replica()));
      }
    }
  }));
}

TEST_CASE("scheduling: a pass after a pass finds nothing to do", "[scheduling][property]") {
  CHECK(rc::check("stable", [] {
    const auto scheduler = *rc::gen::inRange<std::uint32_t>(0, 3);
    Choices choices(*numbers(), true);
    ClusterLog log(parameters(scheduler));
    while (choices.more()) {
      log.append(choices.command());
      // An orphan's coming and going asks for a pass, and changes neither peers nor jobs.
      if (choices.pick(4) != 0) continue;
      log.append(test::add_peers("nobody", {"x"}));
      log.append(LeaveCluster{PeerId("x"), {}});
      RC_ASSERT(log.diff().moves.empty());
    }
  }));
}
