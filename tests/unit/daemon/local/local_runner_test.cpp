// What a job does with its segments, beyond the conformance cases.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "daemon/plugins/seq/seq_output.h"
#include "tests/support/local_job.h"

namespace onyx {
namespace {

using runtime::LocalRun;
using support::LocalJob;

edn::Value value(std::string_view text) { return edn::read(text).value(); }

std::string chain(std::string_view entry_of_f, std::string_view functions,
                  std::string_view rest = "",
                  std::string_view entry_of_out = ":onyx/plugin :onyx.plugin.seq/output") {
  return fmt::format(R"({{:workflow [[:in :f] [:f :out]]
     :catalog [{{:onyx/name :in :onyx/plugin :onyx.plugin.seq/input :onyx/type :input :onyx/medium :seq :onyx/batch-size 3}}
               {{:onyx/name :f :onyx/type :function :onyx/batch-size 3 {}}}
               {{:onyx/name :out :onyx/type :output :onyx/medium :seq :onyx/batch-size 3 {}}}]
     :functions [(ns my) {}] {}
     :task-scheduler :onyx.task-scheduler/balanced}})",
                     entry_of_f, entry_of_out, functions, rest);
}

std::vector<edn::Value> numbers(int count) {
  std::vector<edn::Value> segments;
  for (int i = 0; i < count; ++i)
    segments.push_back(value(fmt::format("{{:n {} :k {}}}", i, i % 17)));
  return segments;
}

TEST_CASE("local run: an inline function, and the order of the input", "[local]") {
  LocalJob job(chain(":onyx/fn (fn [segment] (update segment :n inc))", ""));
  job.inputs("in", "[{:n 1} {:n 2} {:n 3} {:n 4} {:n 5} {:n 6} {:n 7}]");
  const LocalRun run = job.run(3);
  REQUIRE(run.ended == LocalRun::Ended::completed);
  CHECK(run.outputs.at("out") ==
        std::vector<edn::Value>{value("{:n 2}"), value("{:n 3}"), value("{:n 4}"), value("{:n 5}"),
                                value("{:n 6}"), value("{:n 7}"), value("{:n 8}")});
}

TEST_CASE("local run: a function changes its own copy of a segment only", "[local]") {
  // The rule shows the old segment beside the new one.
  LocalJob job(
      chain(":onyx/fn :my/f", R"((defn f [s] (assoc s :n 0 :added 1))
      (defn kept? [event old new all] (and (= 5 (:n old)) (nil? (:added old)))))",
            ":flow-conditions [{:flow/from :f :flow/to [:out] :flow/predicate :my/kept?}]"));
  job.inputs("in", "[{:n 5} {:n 6}]");
  CHECK(job.run().outputs.at("out") == std::vector<edn::Value>{value("{:n 0 :added 1}")});
}

TEST_CASE(
    "local run: an exception shows the segment as it came in, whatever the function did first",
    "[local]") {
  LocalJob job(chain(":onyx/fn :my/f", "(defn f [s] (-> s (assoc :n 0) (update :missing inc)))"));
  job.inputs("in", "[{:n 5}]");
  const LocalRun run = job.run();
  REQUIRE(run.ended == LocalRun::Ended::killed);
  CHECK(run.failure->data.get("offending-segment") == value("{:n 5}"));
  CHECK(run.failure->data.get("offending-task") == value(":f"));
  CHECK(run.failure->phase == "lifecycle/apply-fn");
  CHECK(run.failed_task == TaskId("f"));
}

TEST_CASE("local run: all segments of a group meet on one slot", "[local]") {
  for (const int peers : {1, 2, 5}) {
    for (const char* by :
         {":onyx/group-by-key :k", ":onyx/group-by-key [:k :absent]", ":onyx/group-by-fn :my/by"}) {
      LocalJob job(chain(
          fmt::format(":onyx/fn :my/f {} :onyx/flux-policy :kill :onyx/n-peers {}", by, peers),
          R"((defn f [slot s] (assoc s :slot slot)) (defn by [s] (:k s))
                            (def calls {:lifecycle/before-task-start (fn [event entry]
                                          {:onyx.core/params [(:onyx.core/slot-id event)]})}))",
          ":lifecycles [{:lifecycle/task :f :lifecycle/calls :my/calls}]"));
      job.inputs("in", numbers(200));
      const LocalRun run = job.run(7);
      REQUIRE(run.ended == LocalRun::Ended::completed);
      std::map<std::int64_t, std::set<std::int64_t>> slots_of_group;
      for (const edn::Value& segment : run.outputs.at("out")) {
        slots_of_group[segment.get("k").as_integer()].insert(segment.get("slot").as_integer());
      }
      REQUIRE(run.outputs.at("out").size() == 200);
      for (const auto& [group, slots] : slots_of_group) CHECK(slots.size() == 1);
      if (peers > 1) {
        const auto& in = run.segments_in.at(TaskId("f"));
        CHECK(std::count(in.begin(), in.end(), 0u) <
              peers - 1);  // 17 groups are not all on one peer
      }
    }
  }
}

TEST_CASE("local run: the same seed gives the same run, another one the same segments", "[local]") {
  const auto run_with = [](std::uint64_t seed) {
    LocalJob job(chain(":onyx/fn (fn [s] [s (assoc s :twice true)]) :onyx/n-peers 3", ""));
    job.inputs("in", numbers(60));
    return job.run(seed).outputs.at("out");
  };
  std::vector<edn::Value> first = run_with(1);
  CHECK(run_with(1) == first);
  std::vector<edn::Value> other = run_with(2);
  std::sort(first.begin(), first.end(), edn::ValueLess());
  std::sort(other.begin(), other.end(), edn::ValueLess());
  CHECK(first == other);
  CHECK(first.size() == 120);
}

TEST_CASE(
    "local run: an exception on an output task is raised, also with flow conditions elsewhere",
    "[local]") {
  LocalJob job(chain(":onyx/fn (fn [s] s)", R"((defn boom [s] (throw (ex-info "at the end" {})))
      (def always? (constantly true)))",
                     R"(:flow-conditions [{:flow/from :in :flow/to [] :flow/predicate :my/always?
                                           :flow/thrown-exception? true :flow/short-circuit? true}])",
                     ":onyx/plugin :onyx.plugin.seq/output :onyx/fn :my/boom"));
  job.inputs("in", "[{:n 1}]");
  const LocalRun run = job.run();
  REQUIRE(run.ended == LocalRun::Ended::killed);
  CHECK(run.failure->message == "at the end");
  CHECK(run.failed_task == TaskId("out"));
}

TEST_CASE("local run: segments-per-barrier holds an input back until the next barrier", "[local]") {
  std::string text = chain(":onyx/fn (fn [s] s)", "");
  text.replace(text.find(":onyx/batch-size 3"), 18,
               ":onyx/batch-size 3 :onyx/max-segments-per-barrier 2");
  LocalJob limited(text);
  limited.inputs("in", numbers(9));
  const LocalRun run = limited.run();
  REQUIRE(run.ended == LocalRun::Ended::completed);
  CHECK(run.outputs.at("out").size() == 9);
}

TEST_CASE("local run: null, leaf function and seq outputs end alike", "[local]") {
  for (const char* out : {":onyx/plugin :onyx.plugin.null/output",
                          ":onyx/plugin :onyx.peer.function/function :onyx/fn (fn [s] s)"}) {
    LocalJob job(chain(":onyx/fn (fn [s] s)", "", "", out));
    job.inputs("in", numbers(10));
    const LocalRun run = job.run();
    CHECK(run.ended == LocalRun::Ended::completed);
    CHECK(run.outputs.empty());
    CHECK(run.segments_in.at(TaskId("out")) == std::vector<std::uint64_t>{10});
  }
}

TEST_CASE("local run: the generator counts, shared out among its peers", "[local]") {
  LocalJob job(std::string(R"({:workflow [[:in :out]]
     :catalog [{:onyx/name :in :onyx/plugin :onyx.plugin.generator/input :onyx/type :input :onyx/medium :generator
                :onyx/batch-size 4 :onyx/n-peers 3 :generator/segments 10 :generator/segment {:x "y"} :generator/counter :i}
               {:onyx/name :out :onyx/plugin :onyx.plugin.seq/output :onyx/type :output :onyx/medium :seq
                :onyx/batch-size 4}]
     :functions [] :task-scheduler :onyx.task-scheduler/balanced})"));
  std::vector<edn::Value> out = job.run().outputs.at("out");
  std::sort(out.begin(), out.end(), [](const edn::Value& a, const edn::Value& b) {
    return a.get("i").as_integer() < b.get("i").as_integer();
  });
  REQUIRE(out.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) CHECK(out[i] == value(fmt::format("{{:x \"y\" :i {}}}", i)));
}

TEST_CASE("local run: dropped segments are counted", "[local]") {
  LocalJob job(
      chain(":onyx/fn (fn [s] s)", "(defn big? [event old new all] (< 6 (:n new)))",
            ":flow-conditions [{:flow/from :f :flow/to [:out] :flow/predicate :my/big?}]"));
  job.inputs("in", numbers(10));
  const LocalRun run = job.run();
  CHECK(run.outputs.at("out").size() == 3);
  CHECK(run.dropped == 7);
}

TEST_CASE("local run: a function that answers nothing at all for its segments completes",
          "[local]") {
  LocalJob job(chain(":onyx/fn (fn [s] [])", ""));
  job.inputs("in", numbers(10));
  const LocalRun run = job.run();
  CHECK(run.ended == LocalRun::Ended::completed);
  CHECK((run.outputs.count("out") == 0 || run.outputs.at("out").empty()));
}

TEST_CASE("local run: a restart starts over and drops what was not published", "[local]") {
  // The first version of the job fails at 4; the peer configuration of later ones cannot differ, so a plugin fails once.
  struct FailsOnce final : plugins::Output {
    explicit FailsOnce(std::unique_ptr<plugins::Output> real, std::shared_ptr<int> count)
        : inner(std::move(real)), failures(std::move(count)) {}
    Result<void> recover(ReplicaVersion version, const edn::Value& checkpoint) override {
      return inner->recover(version, checkpoint);
    }
    Result<plugins::Wrote> write(std::vector<edn::Value>& batch) override {
      if (batch.back().get("n").as_integer() > 4 && (*failures)++ == 0) {
        return failure(ErrorCode::unavailable, "the disk went away");
      }
      return inner->write(batch);
    }
    Result<bool> checkpointed(Epoch epoch) override { return inner->checkpointed(epoch); }
    std::unique_ptr<plugins::Output> inner;
    std::shared_ptr<int> failures;
  };
  auto store = std::make_shared<plugins::OutputStore>();
  auto failures = std::make_shared<int>(0);
  plugins::PluginKind kind;
  kind.name = "my/flaky";
  kind.doc = "fails once";
  kind.make_output =
      [store,
       failures](plugins::PluginContext context) -> Result<std::unique_ptr<plugins::Output>> {
    auto inner = plugins::seq_output_kind(store).make_output(std::move(context));
    return std::make_unique<FailsOnce>(std::move(*inner), failures);
  };
  LocalJob job(chain(
      ":onyx/fn (fn [s] s)",
      "(def calls {:lifecycle/handle-exception (fn [event entry phase e] :restart)})",
      ":lifecycles [{:lifecycle/task :out :lifecycle/calls :my/calls}]", ":onyx/plugin :my/flaky"));
  job.more_plugins.push_back(kind);
  job.inputs("in", numbers(10));
  const LocalRun run = job.run();
  REQUIRE(run.ended == LocalRun::Ended::completed);
  CHECK(run.restarts == 1);
  const auto log = store->find(JobId("00000000-0000-8000-8000-000000000000"), TaskId("out"));
  REQUIRE(log != nullptr);
  CHECK(log->read().segments == numbers(10));
  CHECK(log->read().written == 10);
}

}  // namespace
}  // namespace onyx
