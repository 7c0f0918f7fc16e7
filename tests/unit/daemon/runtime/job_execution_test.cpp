#include "daemon/runtime/job_execution.h"

#include <map>
#include <optional>

#include "tests/unit/daemon/runtime/fixture.h"

namespace onyx::runtime {
namespace {

using Peers = std::map<std::string, int>;  // one for a task that is not named

// One job on workers, until it is stopped; when the rig goes, everything has stopped.
class Rig {
 public:
  explicit Rig(const std::string& text, const Peers& peers = {}, std::size_t threads = 2)
      : workers_(threads), job_(compiled(text)) {
    plugins::add_built_in(registry_, outputs_);
    outputs_->capture(JobId("j"));
    JobPlacement placement;
    for (const auto& planned : job_->plan.tasks) {
      const auto wanted = peers.find(planned.name.text());
      for (int i = 0; i < (wanted == peers.end() ? 1 : wanted->second); ++i) {
        placement.seats.push_back({planned.name, static_cast<SlotId>(i),
                                   PeerId(fmt::format("{}-{}", planned.name.text(), i))});
      }
    }
    ExecutionSettings settings;
    settings.tenancy = "t";
    settings.peer_config = edn::Value::map();
    settings.barrier_period = std::chrono::milliseconds(20);
    ExecutionCallbacks callbacks;
    callbacks.failed = [this](const TaskFailure& failure) {
      board_.change([&] { failures_.push_back(failure); });
    };
    callbacks.completed = [this](Epoch) { board_.change([&] { ++completed_; }); };
    callbacks.stopped = [this] { board_.change([&] { has_stopped_ = true; }); };
    callbacks.log = [](std::string_view, const std::string&) {};
    execution_ = std::make_unique<JobExecution>(job_, JobId("j"), 1, std::move(placement), settings,
                                                registry_, workers_, nullptr, std::move(callbacks));
    execution_->start();
  }
  ~Rig() { CHECK(stop()); }

  bool completes() {
    const bool ends = board_.wait([&] { return completed_ > 0 || !failures_.empty(); });
    for (const auto& failure : failures_) UNSCOPED_INFO(failure.failure.text);
    return ends && failures_.empty();
  }
  std::optional<TaskFailure> failure() {
    if (!board_.wait([&] { return !failures_.empty(); })) return std::nullopt;
    return failures_.front();
  }
  bool stop(const std::string& event = "job-killed") {
    execution_->stop(event);
    return board_.wait([&] { return has_stopped_; });
  }
  std::vector<edn::Value> output(const std::string& task = "out") const {
    const auto log = outputs_->find(JobId("j"), TaskId(task));
    return log == nullptr ? std::vector<edn::Value>() : sorted(log->read().segments);
  }
  std::size_t failures() const { return failures_.size(); }
  JobExecution& execution() { return *execution_; }

 private:
  Board board_;
  std::vector<TaskFailure> failures_;
  int completed_ = 0;
  bool has_stopped_ = false;
  std::shared_ptr<plugins::OutputStore> outputs_ = std::make_shared<plugins::OutputStore>();
  plugins::Registry registry_;
  Workers workers_;
  std::shared_ptr<const CompiledJob> job_;
  std::unique_ptr<JobExecution> execution_;
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

TEST_CASE("job execution: a chain completes with every segment", "[runtime][execution]") {
  for (const int batch_size : {1, 3, 1'000}) {
    Rig rig(chain(100, batch_size));
    REQUIRE(rig.completes());
    CHECK(rig.output() == expected(100));
  }
}

TEST_CASE("job execution: an input without segments completes too", "[runtime][execution]") {
  Rig rig(chain(0, 10));
  REQUIRE(rig.completes());
  CHECK(rig.output().empty());
}

TEST_CASE("job execution: fused or spread over peers, the output is the same",
          "[runtime][execution]") {
  for (const Peers& peers :
       {Peers{}, Peers{{"f", 2}}, Peers{{"f", 3}, {"out", 2}}, Peers{{"out", 2}}}) {
    Rig rig(chain(1'000, 7), peers);
    REQUIRE(rig.completes());
    CHECK(rig.output() == expected(1'000));
  }
}

TEST_CASE("job execution: a diamond gives every segment along both ways", "[runtime][execution]") {
  const std::string text = job_text("[[:in :a] [:in :b] [:a :out] [:b :out]]",
                                    input("in", numbers(300), 10) + function("a", "my/tag-a", 3) +
                                        function("b", "my/tag-b", 20) + output("out", 5));
  auto both = expected(300, " :by :a");
  for (auto& segment : expected(300, " :by :b")) both.push_back(segment);
  for (const Peers& peers : {Peers{}, Peers{{"a", 2}, {"b", 3}, {"out", 2}}}) {
    Rig rig(text, peers);
    REQUIRE(rig.completes());
    CHECK(rig.output() == sorted(both));
  }
}

TEST_CASE("job execution: two inputs of different length meet in one task",
          "[runtime][execution]") {
  Rig rig(job_text("[[:left :f] [:right :f] [:f :out]]",
                   input("left", numbers(3), 1) + input("right", numbers(500), 10) +
                       function("f", "my/same", 4) + output("out", 4)));
  REQUIRE(rig.completes());
  auto both = expected(3);
  for (auto& segment : expected(500)) both.push_back(segment);
  CHECK(rig.output() == sorted(both));
}

TEST_CASE("job execution: a slow task behind rings of single segments loses nothing",
          "[runtime][execution]") {
  const std::string text =
      job_text("[[:in :f] [:f :out]]",
               input("in", numbers(3'000), 100) + function("f", "my/slow", 1) + output("out", 1));
  Rig rig(text, {{"f", 2}});
  REQUIRE(rig.completes());
  CHECK(rig.output().size() == 3'000);
  const auto tasks = rig.execution().tasks();
  CHECK(tasks.size() == 3);
  CHECK(std::all_of(tasks.begin(), tasks.end(), [](const TaskProgress& task) {
    return task.task.text() == "in" || task.segments_in == 3'000;
  }));
}

TEST_CASE("job execution: an evaluation without end is stopped", "[runtime][execution]") {
  Rig rig(chain(5, 1, "my/spin"), {}, 1);
  CHECK(rig.stop());
  CHECK(rig.failures() == 0);
}

TEST_CASE("job execution: stopped right after its start, it stops once", "[runtime][execution]") {
  for (int i = 0; i < 50; ++i) {
    Rig rig(chain(50, 2), {{"f", 2}});
    CHECK(rig.stop("peer-left"));
    CHECK(rig.stop("job-killed"));
  }
}

TEST_CASE("job execution: a failure is reported once, whoever else fails", "[runtime][execution]") {
  Rig rig(chain(500, 1, "my/fail"), {{"f", 4}}, 4);
  const auto failure = rig.failure();
  REQUIRE(failure.has_value());
  CHECK(failure->task == TaskId("f"));
  CHECK(failure->version == 1);
  CHECK(failure->failure.message == "no more");
  REQUIRE(rig.stop());
  CHECK(rig.failures() == 1);
}

TEST_CASE("job execution: many jobs one after the other give the same", "[runtime][execution]") {
  const std::string text = chain(40, 3);
  for (int i = 0; i < 200; ++i) {
    Rig rig(text, {{"f", 1 + i % 3}, {"out", 1 + i % 2}});
    REQUIRE(rig.completes());
    REQUIRE(rig.output() == expected(40));
  }
}

// What is thrown in spite of all rules fails its task, not the daemon.
class ThrowingInput final : public plugins::Input {
 public:
  Result<void> recover(ReplicaVersion, const edn::Value&) override { return {}; }
  Result<plugins::Polled> poll(std::vector<edn::Value>&, std::size_t) override {
    throw std::runtime_error("from a library");
  }
};

TEST_CASE("task strand: what a plugin throws fails its task", "[runtime][execution]") {
  plugins::Registry registry;
  auto outputs = std::make_shared<plugins::OutputStore>();
  plugins::PluginKind kind;
  kind.name = "onyx.plugin.seq/input";
  kind.make_input = [](plugins::PluginContext) -> Result<std::unique_ptr<plugins::Input>> {
    return std::make_unique<ThrowingInput>();
  };
  registry.add(std::move(kind));
  registry.add([&] {
    plugins::Registry all;
    plugins::add_built_in(all, outputs);
    return *all.find("onyx.plugin.seq/output");
  }());
  Board board;
  std::optional<TaskFailure> failure;
  bool has_stopped = false;
  Workers workers(2);
  ExecutionSettings settings;
  settings.peer_config = edn::Value::map();
  ExecutionCallbacks callbacks;
  callbacks.failed = [&](const TaskFailure& f) { board.change([&] { failure = f; }); };
  callbacks.completed = [](Epoch) {};
  callbacks.stopped = [&] { board.change([&] { has_stopped = true; }); };
  callbacks.log = [](std::string_view, const std::string&) {};
  JobExecution execution(compiled(chain(1, 1)), JobId("j"), 1,
                         {{{TaskId("f"), 0, PeerId("f")},
                           {TaskId("in"), 0, PeerId("in")},
                           {TaskId("out"), 0, PeerId("out")}},
                          {}},
                         settings, registry, workers, nullptr, callbacks);
  execution.start();
  CHECK(board.wait([&] { return failure.has_value(); }));
  CHECK_THAT(failure->failure.message, Catch::Contains("from a library"));
  CHECK(failure->task == TaskId("in"));
  execution.stop("job-killed");
  CHECK(board.wait([&] { return has_stopped; }));
}

}  // namespace
}  // namespace onyx::runtime
