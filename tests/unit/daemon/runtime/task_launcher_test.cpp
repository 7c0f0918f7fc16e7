#include "daemon/runtime/task_launcher.h"

#include "daemon/cluster/job_store.h"
#include "daemon/cluster/memory_cluster.h"
#include "tests/unit/daemon/runtime/fixture.h"

namespace onyx::runtime {
namespace {

// Passes on to a real one, and counts the reads.
class CountingStore final : public cluster::JobStore {
 public:
  explicit CountingStore(cluster::JobStore& inner) : inner_(inner) {}
  Result<cluster::Submitted> submit(const cluster::JobSubmission& submission) override {
    return inner_.submit(submission);
  }
  Result<std::optional<std::string>> hash(const JobId& job) override {
    ++hashes;
    return inner_.hash(job);
  }
  Result<bool> put(const JobId& job, std::string_view kind, std::string_view text) override {
    return inner_.put(job, kind, text);
  }
  Result<std::optional<std::string>> get(const JobId& job, std::string_view kind) override {
    ++chunks;
    return inner_.get(job, kind);
  }
  Result<bool> put_exception(const JobId& job, std::string_view text) override {
    return inner_.put_exception(job, text);
  }
  Result<std::optional<std::string>> exception(const JobId& job) override {
    return inner_.exception(job);
  }
  Result<std::vector<cluster::NamedJob>> history(std::string_view name) override {
    return inner_.history(name);
  }

  std::atomic<int> hashes{0};
  std::atomic<int> chunks{0};

 private:
  cluster::JobStore& inner_;
};

// A launcher over a job store in memory.
struct Bench {
  Bench() { plugins::add_built_in(registry, outputs); }
  ~Bench() { launcher.close("peer-left"); }

  static ExecutionSettings settings() {
    ExecutionSettings made;
    made.tenancy = "t";
    made.peer_config = edn::Value::map();
    made.barrier_period = std::chrono::milliseconds(20);
    return made;
  }
  static CompileContext context() {
    CompileContext made;
    made.job_scheduler = "onyx.job-scheduler/balanced";
    made.peer_config = edn::Value::map();
    return made;
  }
  TaskLauncher::Callbacks callbacks() {
    TaskLauncher::Callbacks made;
    made.failed = [this](const TaskFailure& f) { board.change([&] { failures.push_back(f); }); };
    made.completed = [this](const JobId&, ReplicaVersion version, Epoch) {
      board.change([&] { completed.push_back(version); });
    };
    made.log = [](const JobId&, std::string_view, const std::string&) {};
    return made;
  }

  void store(const JobId& id, const CompiledJob& job) {
    cluster::JobSubmission submission;
    submission.job = id;
    submission.hash = job.hash;
    submission.chunks.push_back({"source", job.source.encode()});
    submission.entry_text = "{}";
    REQUIRE(cluster->jobs().submit(submission).has_value());
  }
  static JobPlacement seats(const CompiledJob& job) {
    JobPlacement all;
    for (const auto& planned : job.plan.tasks)
      all.seats.push_back({planned.name, 0, PeerId(planned.name.text())});
    return all;
  }

  Board board;
  std::vector<TaskFailure> failures;
  std::vector<ReplicaVersion> completed;
  cluster::MemoryCluster memory;
  std::unique_ptr<cluster::Cluster> cluster = memory.open("t");
  CountingStore jobs{cluster->jobs()};
  std::shared_ptr<plugins::OutputStore> outputs = std::make_shared<plugins::OutputStore>();
  plugins::Registry registry;
  Workers workers{2};
  TaskLauncher launcher{settings(), context(), jobs, registry, workers, nullptr, callbacks()};
};

std::string direct(int segments) {
  return job_text("[[:in :out]]", input("in", numbers(segments), 10) + output("out", 10));
}

TEST_CASE("launcher: a job is compiled from the store, runs and leaves its progress",
          "[runtime][launcher]") {
  Bench bench;
  const auto job = compiled(direct(25));
  const JobId id("j");
  bench.store(id, *job);
  bench.launcher.start(id, 1, Bench::seats(*job));
  REQUIRE(bench.board.wait([&] { return !bench.completed.empty() || !bench.failures.empty(); }));
  CHECK(bench.failures.empty());
  bench.launcher.stop(id, "job-completed");
  bench.launcher.close("peer-left");
  const auto progress = bench.launcher.report(id).value().tasks;
  REQUIRE(progress.size() == 2);
  CHECK(progress[1].segments_in == 25);
}

TEST_CASE("launcher: the store decides which job an id means, not what was remembered",
          "[runtime][launcher]") {
  Bench bench;
  const auto job = compiled(direct(3));
  const auto refused = compiled(direct(9));
  const JobId id("j");
  bench.store(id, *job);
  bench.launcher.remember(id, refused);
  bench.launcher.start(id, 1, Bench::seats(*job));
  REQUIRE(bench.board.wait([&] { return !bench.completed.empty() || !bench.failures.empty(); }));
  CHECK(bench.outputs->find(id, TaskId("out"))->read().segments.size() == 3);
}

TEST_CASE("launcher: the store is asked at a job's first start, not at those that follow",
          "[runtime][launcher]") {
  Bench bench;
  const auto job = compiled(direct(3));
  const JobId id("j");
  bench.store(id, *job);
  const bool is_remembered = GENERATE(true, false);
  if (is_remembered) bench.launcher.remember(id, job);
  for (std::size_t version = 1; version <= 5; ++version) {
    bench.launcher.start(id, static_cast<ReplicaVersion>(version), Bench::seats(*job));
    REQUIRE(bench.board.wait(
        [&] { return bench.completed.size() == version || !bench.failures.empty(); }));
  }
  CHECK(bench.failures.empty());
  CHECK(bench.jobs.hashes == (is_remembered ? 1 : 0));
  CHECK(bench.jobs.chunks == (is_remembered ? 0 : 1));
  // Ended and forgotten, the id may stand for another job one day.
  bench.launcher.forget(id);
  bench.launcher.start(id, 6, Bench::seats(*job));
  REQUIRE(bench.board.wait([&] { return bench.completed.size() == 6 || !bench.failures.empty(); }));
  CHECK(bench.jobs.chunks == (is_remembered ? 1 : 2));
}

TEST_CASE("launcher: what the store refused is taken back, what is known of the id stays",
          "[runtime][launcher]") {
  Bench bench;
  const auto job = compiled(direct(3));
  const auto refused = compiled(direct(9));
  bench.launcher.remember(JobId("new"), refused);
  bench.launcher.take_back(JobId("new"), refused);
  CHECK(bench.launcher.jobs_kept() == 0);

  bench.launcher.remember(JobId("taken"), job);
  bench.launcher.remember(JobId("taken"), refused);
  bench.launcher.take_back(JobId("taken"), refused);
  CHECK(bench.launcher.compiled(JobId("taken")) == job);
}

TEST_CASE("launcher: a job without source fails with its reason", "[runtime][launcher]") {
  Bench bench;
  bench.launcher.start(JobId("nowhere"), 4, {});
  REQUIRE(bench.board.wait([&] { return !bench.failures.empty(); }));
  CHECK(bench.failures.front().version == 4);
  CHECK(bench.failures.front().task.empty());
  CHECK_THAT(bench.failures.front().failure.message, Catch::Contains("no source"));
}

TEST_CASE("launcher: a new version waits for the old one, and only the last one starts",
          "[runtime][launcher]") {
  Bench bench;
  const auto job = compiled(
      job_text("[[:in :f] [:f :out]]",
               input("in", numbers(1), 1) + function("f", "my/spin", 1) + output("out", 1)));
  const JobId id("j");
  bench.store(id, *job);
  for (ReplicaVersion version = 1; version <= 20; ++version)
    bench.launcher.start(id, version, Bench::seats(*job));
  const auto quick = compiled(direct(2));
  const JobId after("k");
  bench.store(after, *quick);
  bench.launcher.start(after, 21, Bench::seats(*quick));
  REQUIRE(bench.board.wait([&] { return !bench.completed.empty(); }));
  bench.launcher.close("peer-left");
  CHECK(bench.failures.empty());
  CHECK(bench.completed == std::vector<ReplicaVersion>{21});
}

TEST_CASE("launcher: of thousands of jobs that have ended the last thousand are kept",
          "[runtime][launcher]") {
  Bench bench;
  const auto job = compiled(direct(1));
  for (int i = 0; i < 3'000; ++i) {
    const JobId id(fmt::format("j{}", i));
    bench.launcher.remember(id, job);
    bench.launcher.stop(id, "job-killed");
    bench.launcher.forget(id);
    bench.launcher.stop(JobId(fmt::format("unknown{}", i)), "job-killed");
  }
  bench.launcher.close("peer-left");
  CHECK(bench.launcher.jobs_kept() == 1'000);
  CHECK(bench.launcher.compiled(JobId("j2999")) == nullptr);
}

}  // namespace
}  // namespace onyx::runtime
