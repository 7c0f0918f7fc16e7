// Peers of one job on several daemons, in one process and over real sockets: the same result as on one.
#include <atomic>
#include <filesystem>

#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/job_store.h"
#include "daemon/cluster/log_parameters.h"
#include "daemon/cluster/memory_cluster.h"
#include "daemon/cluster/pulses.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/messaging/transport/socket_transport.h"
#include "daemon/query/replica_feed.h"
#include "daemon/replica/queries.h"
#include "daemon/runtime/job_spec.h"
#include "daemon/runtime/outbox.h"
#include "daemon/runtime/peer_group.h"
#include "tests/unit/daemon/runtime/deaf_cluster.h"
#include "tests/unit/daemon/runtime/fixture.h"

namespace onyx::runtime {
namespace {

using messaging::SocketTransport;
using messaging::SocketTransportSettings;

Result<std::unique_ptr<SocketTransport>> open_transport(const messaging::Identity& self) {
  SocketTransportSettings settings;
  settings.switchboard.self = self;
  settings.listen = {"127.0.0.1:0"};
  return SocketTransport::start(std::move(settings));
}

// --- executions ---

using Spread = std::function<std::size_t(const TaskId&, int slot)>;  // which daemon
using Peers = std::map<std::string, int>;

// One job, each of whose peers is on one of some daemons.
class Rig {
 public:
  Rig(const std::string& text, const Peers& peers, const Spread& spread, std::size_t daemons = 2,
      std::size_t coordinator = 0)
      : job_(compiled(text)) {
    for (std::size_t i = 0; i < daemons; ++i) {
      auto& one = *daemons_.emplace_back(std::make_unique<One>());
      one.group = GroupId(fmt::format("group-{}", i));
      plugins::add_built_in(one.registry, one.outputs);
      one.outputs->capture(JobId("j"));
      one.transport = std::move(open_transport({"t", one.group, "secret"}).value());
    }
    for (std::size_t i = 0; i < daemons; ++i) {
      One& self = *daemons_[i];
      JobPlacement placement;
      if (coordinator != i) placement.coordinator = site_of(coordinator);
      for (const auto& planned : job_->plan.tasks) {
        const auto wanted = peers.find(planned.name.text());
        for (int slot = 0; slot < (wanted == peers.end() ? 1 : wanted->second); ++slot) {
          const std::size_t where = spread(planned.name, slot);
          placement.seats.push_back({planned.name, static_cast<SlotId>(slot),
                                     PeerId(fmt::format("{}-{}", planned.name.text(), slot)),
                                     where == i ? messaging::Site{} : site_of(where),
                                     fmt::format("machine-{}", where)});
        }
      }
      ExecutionSettings settings;
      settings.tenancy = "t";
      settings.peer_config = edn::Value::map();
      settings.barrier_period = std::chrono::milliseconds(5);
      ExecutionCallbacks callbacks;
      callbacks.failed = [this, &self](const TaskFailure& failure) {
        board_.change([&] { self.failures.push_back(failure); });
      };
      callbacks.completed = [this](Epoch) { board_.change([&] { ++completed_; }); };
      callbacks.stopped = [this] { board_.change([&] { ++stopped_; }); };
      callbacks.log = [](std::string_view, const std::string&) {};
      self.execution = std::make_unique<JobExecution>(job_, JobId("j"), 1, std::move(placement),
                                                      settings, self.registry, self.workers,
                                                      self.transport.get(), std::move(callbacks));
    }
    for (auto& one : daemons_) one->execution->start();
  }
  ~Rig() {
    for (auto& one : daemons_) one->execution->stop("job-killed");
    CHECK(board_.wait([&] { return stopped_ == daemons_.size(); }));
    for (auto& one : daemons_) one->execution.reset();
  }

  bool completes() {
    const bool ends = board_.wait([&] { return completed_ > 0 || has_failed(); });
    for (auto& one : daemons_)
      for (const auto& failure : one->failures) UNSCOPED_INFO(failure.failure.text);
    return ends && !has_failed();
  }
  std::vector<edn::Value> output() const {
    std::vector<edn::Value> all;
    for (std::size_t i = 0; i < daemons_.size(); ++i) {
      for (auto& segment : output_at(i)) all.push_back(std::move(segment));
    }
    return sorted(std::move(all));
  }
  std::vector<edn::Value> output_at(std::size_t daemon) const {
    const auto log = daemons_[daemon]->outputs->find(JobId("j"), TaskId("out"));
    return log == nullptr ? std::vector<edn::Value>() : log->read().segments;
  }
  void cut(std::size_t daemon) { daemons_[daemon]->transport->cut_connections(); }
  std::uint64_t bytes_between() const { return daemons_[0]->transport->counters().bytes_in; }
  TaskFailure failure_at(std::size_t daemon) {
    REQUIRE(board_.wait([&] { return !daemons_[daemon]->failures.empty(); }));
    return daemons_[daemon]->failures.front();
  }

 private:
  struct One {
    GroupId group;
    std::shared_ptr<plugins::OutputStore> outputs = std::make_shared<plugins::OutputStore>();
    plugins::Registry registry;
    Workers workers{2};
    std::unique_ptr<SocketTransport> transport;
    std::unique_ptr<JobExecution> execution;
    std::vector<TaskFailure> failures;
  };
  messaging::Site site_of(std::size_t i) const {
    return {daemons_[i]->group, daemons_[i]->transport->addresses()};
  }
  bool has_failed() const {
    return std::any_of(daemons_.begin(), daemons_.end(),
                       [](const auto& one) { return !one->failures.empty(); });
  }

  Board board_;
  int completed_ = 0;
  std::size_t stopped_ = 0;
  std::shared_ptr<const CompiledJob> job_;
  std::vector<std::unique_ptr<One>> daemons_;
};

std::vector<edn::Value> expected(int count, std::string_view rest = "") {
  std::vector<edn::Value> all;
  for (int i = 0; i < count; ++i)
    all.push_back(edn::read(fmt::format("{{:n {}{}}}", i, rest)).value());
  return sorted(std::move(all));
}

std::string chain(int segments, int batch_size, std::string_view fn = "my/same") {
  return job_text("[[:in :f] [:f :out]]", input("in", numbers(segments), batch_size) +
                                              function("f", fn, batch_size) +
                                              output("out", batch_size));
}

const std::string kEndless =
    job_text("[[:in :out]]",
             "{:onyx/name :in :onyx/plugin :onyx.plugin.generator/input :onyx/type :input "
             ":onyx/medium :generator :onyx/n-peers 1 :onyx/batch-size 10}" +
                 output("out", 10));

std::size_t every_second(const TaskId&, int slot) { return static_cast<std::size_t>(slot % 2); }

TEST_CASE("several daemons: a chain whose tasks are on different daemons completes",
          "[runtime][several]") {
  for (const std::size_t coordinator : {0, 1}) {
    for (const int batch_size : {1, 20}) {
      Rig rig(
          chain(500, batch_size), {},
          [](const TaskId& task, int) { return task.text() == "f" ? 1U : 0U; }, 2, coordinator);
      REQUIRE(rig.completes());
      CHECK(rig.output() == expected(500));
    }
  }
}

TEST_CASE("several daemons: tasks with peers on both give the same as on one",
          "[runtime][several]") {
  for (const Peers& peers : {Peers{{"f", 2}}, Peers{{"f", 3}, {"out", 2}}, Peers{{"out", 4}}}) {
    Rig rig(chain(2'000, 7), peers, every_second);
    REQUIRE(rig.completes());
    CHECK(rig.output() == expected(2'000));
  }
}

TEST_CASE("several daemons: a diamond over three daemons", "[runtime][several]") {
  const std::string text = job_text("[[:in :a] [:in :b] [:a :out] [:b :out]]",
                                    input("in", numbers(300), 10) + function("a", "my/tag-a", 3) +
                                        function("b", "my/tag-b", 20) + output("out", 5));
  auto both = expected(300, " :by :a");
  for (auto& segment : expected(300, " :by :b")) both.push_back(segment);
  Rig rig(
      text, {{"a", 2}, {"b", 3}, {"out", 2}},
      [](const TaskId& task, int slot) {
        return (static_cast<std::size_t>(slot) + task.text().size()) % 3;
      },
      3, 2);
  REQUIRE(rig.completes());
  CHECK(rig.output() == sorted(both));
}

// The generator's peer at slot k of two makes the numbers that are k modulo 2.
std::string colocated(std::string_view more_of_f) {
  return job_text("[[:in :f] [:f :out]]",
                  "{:onyx/name :in :onyx/plugin :onyx.plugin.generator/input :onyx/type :input "
                  ":onyx/medium :generator :generator/counter :n :generator/segments 900 "
                  ":onyx/n-peers 2 :onyx/batch-size 10}" +
                      function("f", "my/same", 7, more_of_f) + output("out", 10, ":onyx/n-peers 2"),
                  ":onyx.task-scheduler/colocated");
}

std::set<std::int64_t> remainders(const std::vector<edn::Value>& segments) {
  std::set<std::int64_t> found;
  for (const auto& segment : segments) found.insert(segment.get("n").as_integer() % 2);
  return found;
}

TEST_CASE("several daemons: the segments of a colocated job stay on their machine",
          "[runtime][several]") {
  Rig rig(colocated(":onyx/n-peers 2"), {{"in", 2}, {"f", 2}, {"out", 2}}, every_second);
  REQUIRE(rig.completes());
  CHECK(rig.output() == expected(900));
  CHECK(remainders(rig.output_at(0)) == std::set<std::int64_t>{0});
  CHECK(remainders(rig.output_at(1)) == std::set<std::int64_t>{1});
}

TEST_CASE("several daemons: a group of a colocated job is in one place, whatever the machine",
          "[runtime][several]") {
  Rig rig(colocated(":onyx/n-peers 2 :onyx/group-by-key :n :onyx/flux-policy :recover"),
          {{"in", 2}, {"f", 2}, {"out", 2}}, every_second);
  REQUIRE(rig.completes());
  CHECK(rig.output() == expected(900));
  for (const std::size_t daemon : {0, 1})
    CHECK(remainders(rig.output_at(daemon)) == std::set<std::int64_t>{0, 1});
}

TEST_CASE("several daemons: a colocated job without whole chunks sends to any machine",
          "[runtime][several]") {
  Rig rig(colocated(":onyx/n-peers 1"), {{"in", 2}, {"f", 1}, {"out", 2}}, every_second);
  REQUIRE(rig.completes());
  CHECK(rig.output() == expected(900));
}

TEST_CASE("several daemons: nothing of the job on the coordinator's daemon but the output",
          "[runtime][several]") {
  Rig rig(
      chain(200, 10), {}, [](const TaskId& task, int) { return task.text() == "out" ? 1U : 0U; }, 2,
      1);
  REQUIRE(rig.completes());
  CHECK(rig.output() == expected(200));
}

TEST_CASE("several daemons: a cut asks for a restart on both sides", "[runtime][several]") {
  Rig rig(kEndless, {}, [](const TaskId& task, int) { return task.text() == "out" ? 0U : 1U; });
  while (rig.bytes_between() < 10'000) std::this_thread::yield();
  rig.cut(0);
  for (const std::size_t daemon : {0, 1}) {
    const TaskFailure failure = rig.failure_at(daemon);
    CHECK(failure.failure.action == task::FailureAction::restart);
    CHECK_THAT(failure.failure.message, Catch::Contains("cannot be reached"));
  }
}

TEST_CASE("several daemons: a failure on one is reported there, once", "[runtime][several]") {
  Rig rig(chain(500, 1, "my/fail"), {{"f", 2}}, every_second);
  const TaskFailure failure = [&] {
    // Whichever of the two fails first.
    REQUIRE_FALSE(rig.completes());
    return rig.failure_at(0).task.empty() ? rig.failure_at(1) : rig.failure_at(0);
  }();
  CHECK(failure.task == TaskId("f"));
  CHECK(failure.failure.message == "no more");
}

// --- groups ---

class CountedIds final : public IdSource {
 public:
  std::string uuid() override {
    return fmt::format("{:08x}-0000-4000-8000-000000000000", ++count_);
  }

 private:
  std::atomic<int> count_{0};
};

// Groups on one cluster in memory.
class Cluster {
 public:
  explicit Cluster(std::size_t groups, std::size_t peers_each) {
    for (std::size_t i = 0; i < groups; ++i) {
      auto& one = *members_.emplace_back(std::make_unique<Member>());
      plugins::add_built_in(one.registry, one.outputs);
      GroupSettings settings;
      settings.peers = peers_each;
      settings.host = "here";
      settings.execution.tenancy = "t";
      settings.execution.peer_config = edn::Value::map();
      settings.execution.barrier_period = std::chrono::milliseconds(20);
      settings.job_scheduler = "onyx.job-scheduler/balanced";
      settings.outputs = one.outputs;
      settings.join_back_off = std::chrono::milliseconds(1);
      settings.restart_back_off = std::chrono::milliseconds(1);
      settings.open_transport =
          [&one](const messaging::Identity& self,
                 std::chrono::milliseconds) -> Result<std::unique_ptr<messaging::Transport>> {
        auto opened = open_transport(self);
        if (!opened.has_value()) return tl::unexpected(opened.error());
        one.transport = opened->get();
        return std::unique_ptr<messaging::Transport>(std::move(*opened));
      };
      one.group = std::make_unique<PeerGroup>(
          std::move(settings),
          [this, &one](cluster::OnSession on_session) -> Result<std::unique_ptr<cluster::Cluster>> {
            return std::make_unique<DeafCluster>(memory_.open("t", std::move(on_session)),
                                                 one.ears);
          },
          one.registry, one.workers, ids_,
          [&one](const AppliedEntry& entry) { one.feed.applied(entry); },
          [&one](const replica::Replica& replica, Position origin) {
            one.feed.start_from(replica, origin);
          });
      REQUIRE(one.group->start().has_value());
    }
  }
  ~Cluster() {
    for (auto& one : members_) one->ears.set_deaf(false);
    for (auto& one : members_) one->group->stop();
  }

  bool wait(const std::function<bool(const replica::Replica&)>& holds) {
    return members_.front()->feed.wait_for(holds, Workers::now() + std::chrono::seconds(60),
                                           [] { return false; }) != nullptr;
  }
  bool wait_for_peers(std::int64_t count) {
    return wait([&](const auto& r) { return replica::schedulable_peers(r) == count; });
  }
  JobId submit(const std::string& text) {
    const auto job = compiled(text);
    const JobId id(ids_.uuid());
    for (auto& one : members_) one->outputs->capture(id);
    cluster::JobSubmission submission;
    submission.job = id;
    submission.hash = job->hash;
    submission.chunks.push_back({"source", job->source.encode()});
    submission.entry_text = coordination::encode(
        {coordination::SubmitJob{id, job_spec(job->job, job->plan)}, "client", std::nullopt},
        GroupId(), 0);
    REQUIRE(members_.front()->group->handle()->cluster->jobs().submit(submission).has_value());
    return id;
  }
  bool wait_for(const JobId& job, replica::JobState state) {
    return wait([&](const auto& r) { return replica::state_of(r, job) == state; });
  }
  ReplicaVersion version_of(const JobId& id) {
    const auto replica = snapshot();
    const replica::Job* job = replica::find_job(*replica, id);
    return job == nullptr ? -1 : job->version;
  }
  // Groups that have peers of the job.
  std::size_t groups_of(const JobId& id) {
    const auto replica = snapshot();
    const replica::Job* job = replica::find_job(*replica, id);
    std::set<GroupId> groups;
    if (job == nullptr) return 0;
    for (const auto& seats : job->seats) {
      for (const auto& peer : seats)
        groups.insert(replica::group_of(*replica, peer).value_or(GroupId()));
    }
    return groups.size();
  }
  std::vector<edn::Value> output(const JobId& job,
                                 std::optional<std::size_t> but_for = std::nullopt) const {
    std::vector<edn::Value> all;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const auto& one = members_[i];
      if (i == but_for) continue;
      const auto log = one->outputs->find(job, TaskId("out"));
      if (log == nullptr) continue;
      for (const auto& segment : log->read().segments) all.push_back(segment);
    }
    return sorted(std::move(all));
  }
  // The segments that all peers of a task have read, as the i-th group hears it.
  std::uint64_t read_by(std::size_t i, const JobId& job, const std::string& task) {
    const auto replica = members_[i]->group->replica();
    const auto heard = members_[i]->group->handle()->inquiries->reports(
        *replica, {job}, Workers::now() + std::chrono::seconds(60));
    CHECK(heard.silent.empty());
    std::uint64_t read = 0;
    if (!heard.of.contains(job)) return read;
    for (const auto& [group, report] : heard.of.at(job)) {
      for (const auto& one : report.tasks) read += one.task.text() == task ? one.segments_in : 0;
    }
    return read;
  }
  // As long as the i-th group has not read of its end.
  bool is_live_for(std::size_t i, const JobId& job) {
    return replica::find_job(*members_[i]->group->replica(), job) != nullptr;
  }
  HeardOutputs outputs_heard_by(std::size_t i, const JobId& job, std::size_t limit) {
    const auto replica = members_[i]->group->replica();
    return members_[i]->group->handle()->inquiries->outputs(
        *replica, job, TaskId("out"), limit, Workers::now() + std::chrono::seconds(60));
  }
  GroupId group(std::size_t i) { return members_[i]->group->handle()->group; }
  // Joined, as the one before or as another.
  bool is_back(std::size_t i) { return members_[i]->group->handle().has_value(); }
  // Whether it says anything of its jobs; with no fence of its own.
  void let_speak(std::size_t i, bool may_speak) {
    members_[i]->transport.load()->act_while([may_speak] { return may_speak; });
  }
  // Whether it reads the log.
  void let_hear(std::size_t i, bool hears) { members_[i]->ears.set_deaf(!hears); }
  // By the i-th, as if its pulse had gone.
  void evict(std::size_t i, const GroupId& group) {
    const auto self = members_[i]->group->handle();
    REQUIRE(self->outbox->append(
        {coordination::GroupLeaveCluster{group}, self->group.text(), std::nullopt}));
  }
  // On a task, by its place in the workflow.
  bool has_peer_on(std::size_t i, const JobId& job, std::size_t task) {
    const auto replica = snapshot();
    const auto& seats = replica::find_job(*replica, job)->seats[task];
    return std::any_of(seats.begin(), seats.end(), [&](const PeerId& peer) {
      return replica::group_of(*replica, peer) == group(i);
    });
  }
  // What the i-th group's own peers of a task have read.
  std::uint64_t read_at(std::size_t i, const JobId& job, const std::string& task) {
    const auto report = members_[i]->group->handle()->launcher->report(job);
    std::uint64_t read = 0;
    if (!report.has_value()) return read;
    for (const auto& one : report->tasks) read += one.task.text() == task ? one.segments_in : 0;
    return read;
  }
  static bool until(const std::function<bool()>& holds) {
    const auto guard = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > guard) return false;
      std::this_thread::yield();
    }
    return true;
  }
  std::int64_t stale(std::size_t i) { return members_[i]->group->handle()->inquiries->own().stale; }
  void cut(std::size_t i) { members_[i]->transport.load()->cut_connections(); }
  void stop(std::size_t i) { members_[i]->group->stop(); }

 private:
  // What the waits above have seen, or newer.
  std::shared_ptr<const replica::Replica> snapshot() {
    return members_.front()->feed.wait_for([](const auto&) { return true; }, Workers::now(),
                                           [] { return false; });
  }
  struct Member {
    std::shared_ptr<plugins::OutputStore> outputs = std::make_shared<plugins::OutputStore>();
    plugins::Registry registry;
    Workers workers{2};
    query::ReplicaFeed feed;
    std::atomic<SocketTransport*> transport{nullptr};
    DeafCluster::Ears ears;
    std::unique_ptr<PeerGroup> group;
  };
  cluster::MemoryCluster memory_;
  CountedIds ids_;
  std::vector<std::unique_ptr<Member>> members_;
};

// Needs six peers at least.
std::string wide(int segments) {
  return job_text("[[:in :f] [:f :out]]", input("in", numbers(segments), 5) +
                                              function("f", "my/same", 5, ":onyx/min-peers 3") +
                                              output("out", 5, ":onyx/min-peers 2"));
}

TEST_CASE("several groups: a job over three groups gives the same as on one",
          "[runtime][several]") {
  Cluster cluster(3, 2);
  REQUIRE(cluster.wait_for_peers(6));
  const JobId job = cluster.submit(wide(1'000));
  REQUIRE(cluster.wait_for(job, replica::JobState::completed));
  CHECK(cluster.output(job) == expected(1'000));
}

TEST_CASE("several groups: every group tells what all of them have done", "[runtime][several]") {
  Cluster cluster(3, 2);
  REQUIRE(cluster.wait_for_peers(6));
  const JobId job = cluster.submit(wide(1'000));
  REQUIRE(cluster.wait_for(job, replica::JobState::completed));
  for (const std::size_t group : {0, 1, 2}) {
    while (cluster.is_live_for(group, job)) std::this_thread::yield();
    for (const std::string task : {"in", "f", "out"})
      CHECK(cluster.read_by(group, job, task) == 1'000);
    std::vector<edn::Value> all;
    std::uint64_t written = 0;
    for (const auto& [from, report] : cluster.outputs_heard_by(group, job, 0).of) {
      written += report.written;
      for (const auto& text : report.segments) all.push_back(edn::read(text).value());
    }
    CHECK(written == 1'000);
    CHECK(sorted(all) == expected(1'000));
    for (const auto& [from, report] : cluster.outputs_heard_by(group, job, 3).of)
      CHECK(report.segments.size() <= 3);
  }
}

TEST_CASE("several groups: a cut connection starts the job over", "[runtime][several]") {
  Cluster cluster(2, 2);
  REQUIRE(cluster.wait_for_peers(4));
  const JobId job = cluster.submit(job_text(
      "[[:in :f] [:f :out]]",
      "{:onyx/name :in :onyx/plugin :onyx.plugin.generator/input :onyx/type :input "
      ":onyx/medium :generator :onyx/n-peers 1 :onyx/batch-size 10}" +
          function("f", "my/same", 5, ":onyx/n-peers 2") + output("out", 5, ":onyx/n-peers 1")));
  REQUIRE(cluster.wait_for(job, replica::JobState::running));
  REQUIRE(cluster.groups_of(job) == 2);
  const ReplicaVersion before = cluster.version_of(job);
  while (cluster.version_of(job) == before) {
    cluster.cut(0);
    std::this_thread::yield();
  }
  CHECK(cluster.version_of(job) > before);
}

TEST_CASE("several groups: a group that leaves gives its work to the others",
          "[runtime][several]") {
  Cluster cluster(3, 4);
  REQUIRE(cluster.wait_for_peers(12));
  const JobId job = cluster.submit(kEndless);
  REQUIRE(cluster.wait_for(job, replica::JobState::running));
  cluster.stop(2);
  REQUIRE(cluster.wait_for_peers(8));
  const JobId next = cluster.submit(wide(500));
  REQUIRE(cluster.wait_for(next, replica::JobState::completed));
  CHECK(cluster.output(next) == expected(500));
}

TEST_CASE("several groups: what one says that does not know it is over is refused and counted",
          "[runtime][several]") {
  Cluster cluster(3, 3);
  REQUIRE(cluster.wait_for_peers(9));
  // They take part in the job and say nothing, as processes that are stopped.
  for (const std::size_t i : {1, 2}) cluster.let_speak(i, false);
  const JobId job = cluster.submit(
      job_text("[[:in :f] [:f :out]]", input("in", numbers(2'000), 5) +
                                           function("f", "my/same", 5, ":onyx/min-peers 3") +
                                           output("out", 5, ":onyx/n-peers 1")));
  REQUIRE(cluster.wait_for(job, replica::JobState::running));
  const ReplicaVersion before = cluster.version_of(job);
  // Of its three peers two at least are on f, and what they make goes elsewhere.
  const std::size_t zombie = cluster.has_peer_on(1, job, 2) ? 2 : 1;
  const std::size_t other = 3 - zombie;
  const GroupId group = cluster.group(zombie);
  cluster.let_speak(other, true);
  REQUIRE(cluster.until([&] { return cluster.read_at(zombie, job, "f") > 0; }));
  // The job does not end before the words come that are meant for what it was.
  cluster.let_speak(other, false);
  cluster.let_hear(zombie, false);
  cluster.evict(0, group);
  REQUIRE(cluster.wait_for_peers(6));
  CHECK(cluster.version_of(job) != before);
  // It runs on, and its fence does not hold.
  cluster.let_speak(zombie, true);
  REQUIRE(cluster.until([&] { return cluster.stale(0) + cluster.stale(other) > 0; }));
  cluster.let_speak(other, true);
  REQUIRE(cluster.wait_for(job, replica::JobState::completed));
  CHECK(cluster.output(job, zombie) == expected(2'000));
  cluster.let_hear(zombie, true);
  REQUIRE(cluster.wait_for_peers(9));
  REQUIRE(cluster.until([&] { return cluster.is_back(zombie); }));
  CHECK(cluster.group(zombie) != group);
}

}  // namespace
}  // namespace onyx::runtime
