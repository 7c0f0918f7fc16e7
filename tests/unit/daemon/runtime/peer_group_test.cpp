#include "daemon/runtime/peer_group.h"

#include <atomic>
#include <mutex>

#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/job_store.h"
#include "daemon/cluster/log_parameters.h"
#include "daemon/cluster/memory_cluster.h"
#include "daemon/cluster/pulses.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/query/replica_feed.h"
#include "daemon/replica/queries.h"
#include "daemon/runtime/job_spec.h"
#include "tests/unit/daemon/runtime/fixture.h"
#include "tests/unit/daemon/runtime/forwarding_cluster.h"

namespace onyx::runtime {
namespace {

class CountedIds final : public IdSource {
 public:
  std::string uuid() override {
    return fmt::format("{:08x}-0000-4000-8000-000000000000", ++count_);
  }

 private:
  std::atomic<int> count_{0};
};

// A cluster whose log can break under whoever follows it.
class BreakableCluster final : public ForwardingCluster {
 public:
  struct Break {
    std::mutex mutex;
    std::function<void(cluster::LogEvent)> follower;
    void operator()() {
      const std::lock_guard lock(mutex);
      follower(cluster::FollowLost{Error(ErrorCode::internal, "the log has a hole at position 9"),
                                   true});
    }
  };
  BreakableCluster(std::unique_ptr<cluster::Cluster> whole, Break& broken)
      : ForwardingCluster(std::move(whole)), break_(broken) {}

  std::unique_ptr<cluster::Follower> follow(
      Position from, std::function<void(cluster::LogEvent)> on_event) override {
    {
      const std::lock_guard lock(break_.mutex);
      break_.follower = on_event;
    }
    return ForwardingCluster::follow(from, std::move(on_event));
  }

 private:
  Break& break_;
};

// A group on a cluster in memory.
class Daemon {
 public:
  explicit Daemon(std::size_t peers = 4) {
    plugins::add_built_in(registry_, outputs_);
    GroupSettings settings;
    settings.peers = peers;
    settings.host = "here";
    settings.execution.tenancy = "t";
    settings.execution.peer_config = edn::Value::map();
    settings.execution.barrier_period = std::chrono::milliseconds(20);
    settings.job_scheduler = "onyx.job-scheduler/balanced";
    settings.join_back_off = std::chrono::milliseconds(1);
    settings.stop_daemon = [this] { asked_to_stop_ = true; };
    group_ = std::make_unique<PeerGroup>(
        std::move(settings),
        [this](cluster::OnSession on_session) -> Result<std::unique_ptr<cluster::Cluster>> {
          return std::make_unique<BreakableCluster>(memory_.open("t", std::move(on_session)),
                                                    break_log_);
        },
        registry_, workers_, ids_, [this](const AppliedEntry& entry) { feed_.applied(entry); },
        [this](const replica::Replica& replica, Position origin) {
          feed_.start_from(replica, origin);
        });
  }

  PeerGroup& group() { return *group_; }
  query::ReplicaFeed& feed() { return feed_; }
  cluster::MemoryCluster& memory() { return memory_; }
  void break_log() { break_log_(); }

  bool wait(const std::function<bool(const replica::Replica&)>& holds) {
    return feed_.wait_for(holds, Workers::now() + std::chrono::seconds(60), [] { return false; }) !=
           nullptr;
  }
  bool wait_for_peers(std::int64_t count) {
    return wait([&](const auto& r) { return replica::schedulable_peers(r) == count; });
  }
  // Ready under another id than this one.
  bool wait_for_rebirth(const GroupId& old) {
    return wait([&](const auto&) {
      const auto handle = group_->handle();
      return handle.has_value() && handle->group != old;
    });
  }

  JobId submit(const std::string& text) {
    const auto job = compiled(text);
    const JobId id(ids_.uuid());
    cluster::JobSubmission submission;
    submission.job = id;
    submission.hash = job->hash;
    submission.chunks.push_back({"source", job->source.encode()});
    submission.entry_text = coordination::encode(
        {coordination::SubmitJob{id, job_spec(job->job, job->plan)}, "client", std::nullopt},
        GroupId(), 0);
    REQUIRE(group_->handle()->cluster->jobs().submit(submission).has_value());
    return id;
  }
  bool wait_for(const JobId& job, replica::JobState state) {
    return wait([&](const auto& r) { return replica::state_of(r, job) == state; });
  }
  // As any daemon would write it.
  void append(coordination::Command command) {
    REQUIRE(memory_.open("t")->log().append(
        coordination::encode({std::move(command), "client", std::nullopt}, GroupId(), 0)));
  }
  bool asked_to_stop() const { return asked_to_stop_; }
  std::size_t written(const JobId& job) {
    const auto log = outputs_->find(job, TaskId("out"));
    return log == nullptr ? 0 : log->read().written;
  }

 private:
  std::atomic<bool> asked_to_stop_{false};
  cluster::MemoryCluster memory_;
  BreakableCluster::Break break_log_;
  std::shared_ptr<plugins::OutputStore> outputs_ = std::make_shared<plugins::OutputStore>();
  plugins::Registry registry_;
  CountedIds ids_;
  Workers workers_{2};
  query::ReplicaFeed feed_;
  std::unique_ptr<PeerGroup> group_;
};

std::string three_tasks(std::string_view fn) {
  return job_text("[[:in :f] [:f :out]]",
                  input("in", numbers(50), 5) + function("f", fn, 5) + output("out", 5));
}

const std::string kEndless =
    job_text("[[:in :out]]",
             "{:onyx/name :in :onyx/plugin :onyx.plugin.generator/input :onyx/type :input "
             ":onyx/medium :generator :onyx/n-peers 1 :onyx/batch-size 10}" +
                 output("out", 10));

TEST_CASE("peer group: it starts with its peers, takes more and lets them go", "[runtime][group]") {
  Daemon daemon(4);
  REQUIRE(daemon.group().start().has_value());
  CHECK(replica::schedulable_peers(*daemon.group().replica()) == 4);
  CHECK(daemon.group().answers_by(std::chrono::steady_clock::now() + std::chrono::seconds(60)));
  const auto added = daemon.group().add_peers(3);
  REQUIRE(added.has_value());
  CHECK(daemon.wait_for_peers(7));
  REQUIRE(daemon.group().remove_peer(added->front()).has_value());
  CHECK(daemon.wait_for_peers(6));
}

TEST_CASE("peer group: jobs run, complete, and are killed by their failure", "[runtime][group]") {
  Daemon daemon(3);
  REQUIRE(daemon.group().start().has_value());
  const JobId good = daemon.submit(three_tasks("my/same"));
  CHECK(daemon.wait_for(good, replica::JobState::completed));
  CHECK(daemon.written(good) == 50);
  const JobId bad = daemon.submit(three_tasks("my/fail"));
  CHECK(daemon.wait_for(bad, replica::JobState::killed));
  const auto text = daemon.group().handle()->cluster->jobs().exception(bad);
  REQUIRE(text.value().has_value());
  CHECK_THAT(**text, Catch::Contains("no more") && Catch::Contains(":why 7"));
  const JobId next = daemon.submit(three_tasks("my/same"));
  CHECK(daemon.wait_for(next, replica::JobState::completed));
}

TEST_CASE("peer group: many jobs one after the other", "[runtime][group]") {
  Daemon daemon(3);
  REQUIRE(daemon.group().start().has_value());
  std::vector<JobId> jobs;
  for (int i = 0; i < 30; ++i) jobs.push_back(daemon.submit(three_tasks("my/same")));
  for (const JobId& job : jobs) {
    REQUIRE(daemon.wait_for(job, replica::JobState::completed));
    CHECK(daemon.written(job) == 50);
  }
}

TEST_CASE("peer group: stopping leaves the cluster, also while a function spins",
          "[runtime][group]") {
  Daemon daemon(3);
  REQUIRE(daemon.group().start().has_value());
  const JobId job = daemon.submit(three_tasks("my/spin"));
  REQUIRE(daemon.wait_for(job, replica::JobState::running));
  daemon.group().stop();
  CHECK_FALSE(daemon.group().handle().has_value());
  CHECK_FALSE(daemon.group().add_peers(1).has_value());
  auto other = daemon.memory().open("t");
  CHECK(other->pulses().groups().value().empty());
  const Position newest = other->log().newest().value();
  const auto last = other->log().read(newest).value();
  CHECK(coordination::name_of(coordination::decode(last->text, newest, 0).command) ==
        "group-leave-cluster");
  daemon.group().stop();
}

TEST_CASE("peer group: an expired session is a new group with as many peers, twice in a row",
          "[runtime][group]") {
  Daemon daemon(2);
  REQUIRE(daemon.group().start().has_value());
  REQUIRE(daemon.group().add_peers(1).has_value());
  REQUIRE(daemon.wait_for_peers(3));
  const JobId job = daemon.submit(kEndless);
  REQUIRE(daemon.wait([&](const auto&) { return daemon.written(job) > 0; }));
  ReplicaVersion version = replica::find_job(*daemon.feed().replica(), job)->version;
  for (int i = 0; i < 2; ++i) {
    const GroupId old = daemon.group().handle()->group;
    daemon.memory().expire_all();
    REQUIRE(daemon.wait_for_rebirth(old));
    REQUIRE(daemon.wait([&](const auto& r) {
      const replica::Job* live = replica::find_job(r, job);
      return !replica::is_joined(r, old) && replica::schedulable_peers(r) == 3 && live != nullptr &&
             live->has_peers() && live->version > version;
    }));
    version = replica::find_job(*daemon.feed().replica(), job)->version;
    const auto handle = daemon.group().handle();
    REQUIRE(daemon.wait([&](const auto&) {
      const auto report = handle->launcher->report(job);
      return report.has_value() && report->tasks.at(1).segments_in > 0;
    }));
  }
}

bool is_drained(const replica::Replica& replica, const GroupId& id) {
  const replica::Group* group = replica.groups.find(id);
  return group != nullptr && group->drained.has_value();
}

TEST_CASE("peer group: drained, it gives its peers away and takes none until it is undrained",
          "[runtime][group]") {
  Daemon daemon(3);
  REQUIRE(daemon.group().start().has_value());
  const GroupId self = daemon.group().handle()->group;
  const JobId job = daemon.submit(kEndless);
  REQUIRE(daemon.wait_for(job, replica::JobState::running));
  daemon.append(coordination::DrainGroup{self});
  REQUIRE(daemon.wait_for_peers(0));
  REQUIRE(daemon.wait_for(job, replica::JobState::waiting));
  REQUIRE(daemon.wait([&](const auto&) { return is_drained(*daemon.group().replica(), self); }));
  const auto refused = daemon.group().add_peers(1);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().rule() == "NET-43");
  CHECK_THAT(refused.error().message(),
             Catch::Contains("brings 3 back") && Catch::Contains("onyxctl group undrain 00000001"));
  CHECK(daemon.group().handle().has_value());
  daemon.append(coordination::UndrainGroup{self});
  REQUIRE(daemon.wait_for_peers(3));
  REQUIRE(daemon.wait_for(job, replica::JobState::running));
  CHECK(daemon.group().add_peers(1).has_value());
  CHECK(daemon.wait_for_peers(4));
  CHECK_FALSE(daemon.asked_to_stop());
}

TEST_CASE("peer group: drained, it starts over drained, with as many peers to bring back",
          "[runtime][group]") {
  Daemon daemon(3);
  REQUIRE(daemon.group().start().has_value());
  const GroupId first = daemon.group().handle()->group;
  daemon.append(coordination::DrainGroup{first});
  REQUIRE(daemon.wait([&](const auto& r) { return is_drained(r, first); }));
  GroupId old = first;
  for (int i = 0; i < 2; ++i) {
    daemon.memory().expire_all();
    REQUIRE(daemon.wait_for_rebirth(old));
    old = daemon.group().handle()->group;
    CHECK(replica::schedulable_peers(*daemon.group().replica()) == 0);
    REQUIRE(is_drained(*daemon.group().replica(), old));
    CHECK(daemon.group().replica()->groups.find(old)->drained->peers == 3);
  }
  daemon.append(coordination::UndrainGroup{old});
  CHECK(daemon.wait_for_peers(3));
}

TEST_CASE("peer group: what was asked of it while its session ended is asked of the next",
          "[runtime][group]") {
  Daemon daemon(2);
  REQUIRE(daemon.group().start().has_value());
  const GroupId old = daemon.group().handle()->group;
  daemon.memory().expire_all();
  daemon.append(coordination::DrainGroup{old});
  REQUIRE(daemon.wait_for_rebirth(old));
  CHECK(daemon.wait([&](const auto& r) {
    const auto now = daemon.group().handle();
    return now.has_value() && is_drained(r, now->group) && replica::schedulable_peers(r) == 0;
  }));
}

TEST_CASE("peer group: drained to stop, it asks for its daemon's end", "[runtime][group]") {
  Daemon daemon(2);
  REQUIRE(daemon.group().start().has_value());
  const GroupId self = daemon.group().handle()->group;
  daemon.append(coordination::DrainGroup{self, true, std::nullopt, {}});
  REQUIRE(daemon.wait_for_peers(0));
  const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!daemon.asked_to_stop()) REQUIRE(daemon.group().answers_by(soon));
}

TEST_CASE("peer group: a fenced session that comes back is the same group with the same allocation",
          "[runtime][group]") {
  Daemon daemon(6);
  REQUIRE(daemon.group().start().has_value());
  const GroupId group = daemon.group().handle()->group;
  const JobId job = daemon.submit(kEndless);
  REQUIRE(daemon.wait([&](const auto&) { return daemon.written(job) > 0; }));
  const ReplicaVersion version = replica::find_job(*daemon.feed().replica(), job)->version;
  for (int i = 0; i < 3; ++i) {
    daemon.memory().fence_all(true);
    CHECK(daemon.group().handle()->cluster->session() == cluster::SessionState::fenced);
    daemon.memory().fence_all(false);
    const std::size_t before = daemon.written(job);
    REQUIRE(daemon.wait([&](const auto&) { return daemon.written(job) > before + 100; }));
  }
  CHECK(daemon.group().handle()->group == group);
  CHECK(replica::find_job(*daemon.feed().replica(), job)->version == version);
  CHECK(replica::find_job(*daemon.feed().replica(), job)->restarts == 0);
  // What was begun while it was fenced is done afterwards.
  daemon.memory().fence_all(true);
  const JobId next = daemon.submit(three_tasks("my/same"));
  REQUIRE(daemon.wait([&](const auto& r) { return replica::find_job(r, next) != nullptr; }));
  CHECK(daemon.written(next) == 0);
  daemon.memory().fence_all(false);
  CHECK(daemon.group().handle()->group == group);
  REQUIRE(daemon.wait([&](const auto&) { return daemon.written(next) > 0; }));
}

TEST_CASE("peer group: a handle that is held keeps no pulse of a group that is over",
          "[runtime][group]") {
  Daemon daemon(2);
  REQUIRE(daemon.group().start().has_value());
  const auto held = daemon.group().handle();
  auto other = daemon.memory().open("t");
  REQUIRE(other->pulses().exists(held->group).value());
  daemon.group().stop();
  CHECK_FALSE(other->pulses().exists(held->group).value());
  CHECK(held->cluster->session() == cluster::SessionState::dead);
  CHECK(held->cluster->log().newest().error().code() == ErrorCode::unavailable);
}

TEST_CASE("peer group: at a hole in the log it stops, says so, and writes nothing more",
          "[runtime][group]") {
  Daemon daemon(2);
  REQUIRE(daemon.group().start().has_value());
  REQUIRE(daemon.wait_for_peers(2));
  auto other = daemon.memory().open("t");
  const Position newest = other->log().newest().value();
  daemon.break_log();
  const auto soon = [] { return std::chrono::steady_clock::now() + std::chrono::seconds(60); };
  while (!daemon.group().halted_by().has_value()) REQUIRE(daemon.group().answers_by(soon()));
  CHECK_THAT(daemon.group().halted_by()->text(), Catch::Contains("hole at position 9"));
  CHECK_FALSE(daemon.group().handle().has_value());
  CHECK(daemon.group().answers_by(soon()));
  daemon.group().stop();
  CHECK(other->log().newest().value() == newest);
}

TEST_CASE("peer group: a tenancy that was made for another scheduler is refused",
          "[runtime][group]") {
  Daemon daemon(1);
  auto first = daemon.memory().open("t");
  REQUIRE(first->parameters()
              .create_or_read("{:job-scheduler :onyx.job-scheduler/greedy "
                              ":log-version 2}")
              .has_value());
  const auto started = daemon.group().start();
  REQUIRE_FALSE(started.has_value());
  CHECK(started.error().code() == ErrorCode::failed_precondition);
}

}  // namespace
}  // namespace onyx::runtime
