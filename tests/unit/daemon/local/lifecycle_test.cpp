// Lifecycle hooks and exception handlers, in a whole job: in → f → out.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "common/edn/printer.h"
#include "tests/support/local_job.h"

namespace onyx {
namespace {

using runtime::LocalRun;
using support::LocalJob;

// `more` are keys of the entry of :f, `rest` keys of the job.
std::string job_text(std::string_view functions, std::string_view rest = "",
                     std::string_view more = "", std::string_view fn = ":my/f") {
  return fmt::format(R"({{:workflow [[:in :f] [:f :out]]
     :catalog [{{:onyx/name :in :onyx/plugin :onyx.plugin.seq/input :onyx/type :input :onyx/medium :seq :onyx/batch-size 2}}
               {{:onyx/name :f :onyx/type :function :onyx/fn {} :onyx/batch-size 2 {}}}
               {{:onyx/name :out :onyx/plugin :onyx.plugin.seq/output :onyx/type :output :onyx/medium :seq
                 :onyx/batch-size 2}}]
     :functions [(ns my) {}]
     {}
     :task-scheduler :onyx.task-scheduler/balanced}})",
                     fn, more, functions, rest);
}

edn::Value value(std::string_view text) { return edn::read(text).value(); }

std::vector<edn::Value> out_of(const LocalRun& run) {
  INFO((run.failure.has_value() ? run.failure->text : std::string()));
  REQUIRE(run.ended == LocalRun::Ended::completed);
  return run.outputs.at("out");
}

TEST_CASE("lifecycles: each hook sees the event as those before it left it, :all among them",
          "[lifecycles]") {
  LocalJob job(job_text(R"((defn f [s] s)
      (defn first-hook [event entry] {:x [(:id entry)]})
      (defn add [event entry] {:x (conj (:x event) (:id entry))})
      (defn show [event entry] {:onyx.core/batch (map (fn [s] (assoc s :x (:x event))) (:onyx.core/batch event))})
      (def a {:lifecycle/before-task-start first-hook})
      (def b {:lifecycle/before-task-start add})
      (def c {:lifecycle/after-read-batch show}))",
                        R"(:lifecycles [{:lifecycle/task :all :lifecycle/calls :my/a :id 1}
                                         {:lifecycle/task :f :lifecycle/calls :my/b :id 2}
                                         {:lifecycle/task :out :lifecycle/calls :my/b :id 9}
                                         {:lifecycle/task :f :lifecycle/calls :my/c :id 4}
                                         {:lifecycle/task :all :lifecycle/calls :my/b :id 3}])"));
  job.inputs("in", "[{:n 1}]");
  CHECK(out_of(job.run()) == std::vector<edn::Value>{value("{:n 1 :x [1 2 3]}")});
}

TEST_CASE(
    "lifecycles: what before-batch adds is gone at the next batch, what before-task-start adds "
    "stays",
    "[lifecycles]") {
  LocalJob job(job_text(R"((defn f [s] s)
      (defn start [event entry] {:kept 7})
      (defn before [event entry] {:seen-before (:mine event) :mine true})
      (defn show [event entry]
        {:onyx.core/batch (mapv (fn [s] (assoc s :kept (:kept event) :before (:seen-before event))) (:onyx.core/batch event))})
      (def calls {:lifecycle/before-task-start start :lifecycle/before-batch before :lifecycle/after-read-batch show}))",
                        ":lifecycles [{:lifecycle/task :f :lifecycle/calls :my/calls}]"));
  job.inputs("in", "[{:n 1} {:n 2} {:n 3}]");
  for (const edn::Value& segment : out_of(job.run())) {
    CHECK(segment.get("kept") == value("7"));
    CHECK(segment.get("before").is_nil());
  }
}

TEST_CASE("lifecycles: after-apply-fn may replace the results, one sequence an element",
          "[lifecycles]") {
  LocalJob job(job_text(R"((defn f [s] (update s :n inc))
      (defn twice [event entry] {:onyx.core/transformed (map (fn [results] (concat results results))
                                                             (:onyx.core/transformed event))})
      (def calls {:lifecycle/after-apply-fn twice}))",
                        ":lifecycles [{:lifecycle/task :f :lifecycle/calls :my/calls}]"));
  job.inputs("in", "[{:n 1}]");
  CHECK(out_of(job.run()) == std::vector<edn::Value>{value("{:n 2}"), value("{:n 2}")});
}

TEST_CASE("lifecycles: after-apply-fn that does not line up with the batch kills the job",
          "[lifecycles]") {
  LocalJob job(job_text(R"((defn f [s] s)
      (def calls {:lifecycle/after-apply-fn (fn [event entry] {:onyx.core/transformed []})}))",
                        ":lifecycles [{:lifecycle/task :f :lifecycle/calls :my/calls}]"));
  job.inputs("in", "[{:n 1}]");
  const LocalRun run = job.run();
  REQUIRE(run.ended == LocalRun::Ended::killed);
  CHECK(run.failure->phase == "lifecycle/after-apply-fn");
  CHECK_THAT(run.failure->message, Catch::Contains("0 elements for a batch of 1"));
}

TEST_CASE("lifecycles: start-task? must be exactly true", "[lifecycles]") {
  LocalJob never(
      job_text(R"((defn f [s] s) (def calls {:lifecycle/start-task? (fn [event entry] 1)}))",
               ":lifecycles [{:lifecycle/task :f :lifecycle/calls :my/calls}]"));
  never.inputs("in", "[{:n 1}]");
  CHECK(never.run().ended == LocalRun::Ended::stuck);
}

TEST_CASE("lifecycles: a hook that returns neither a map nor nil kills the job", "[lifecycles]") {
  LocalJob job(
      job_text(R"((defn f [s] s) (def calls {:lifecycle/before-batch (fn [event entry] 5)}))",
               ":lifecycles [{:lifecycle/task :f :lifecycle/calls :my/calls}]"));
  job.inputs("in", "[{:n 1}]");
  const LocalRun run = job.run();
  REQUIRE(run.ended == LocalRun::Ended::killed);
  CHECK_THAT(run.failure->message, Catch::Contains("a :lifecycle/before-batch hook returned 5"));
}

TEST_CASE("lifecycles: calls of Onyx's own plugins do nothing, with a line in the log",
          "[lifecycles]") {
  LocalJob job(job_text(
      "(defn f [s] s)",
      ":lifecycles [{:lifecycle/task :f :lifecycle/calls :onyx.plugin.core-async/reader-calls}]"));
  job.inputs("in", "[{:n 1}]");
  const LocalRun run = job.run();
  CHECK(out_of(run).size() == 1);
  REQUIRE_FALSE(run.log.empty());
  CHECK_THAT(run.log[0], Catch::Contains(":onyx.plugin.core-async/reader-calls"));
}

TEST_CASE("lifecycles: a sequence comes from the entry of inject-seq-via-lifecycle",
          "[lifecycles]") {
  LocalJob job(job_text("(defn f [s] s)",
                        R"(:lifecycles [{:lifecycle/task :in :seq/sequential [{:n 1} {:n 2}]
                                              :lifecycle/calls :onyx.plugin.seq/inject-seq-via-lifecycle}])"));
  CHECK(out_of(job.run()) == std::vector<edn::Value>{value("{:n 1}"), value("{:n 2}")});
}

// --- handlers: the matrix ---

// The action and the phase for a failure of :f with handlers that answer so.
struct Decided {
  task::FailureAction action;
  std::string phase;
};

Decided decided(std::string_view answers, std::string_view hook = "") {
  std::string functions = "(defn f [s] (throw (ex-info \"no\" {})))";
  if (!hook.empty()) functions = "(defn f [s] s)";
  std::string entries;
  int i = 0;
  for (const edn::Value& answer : value(answers).items()) {
    functions +=
        fmt::format("(def h{} {{:lifecycle/handle-exception (fn [event entry phase e] {})}})", i,
                    edn::print(answer));
    entries += fmt::format("{{:lifecycle/task {} :lifecycle/calls :my/h{}}}",
                           i % 2 == 0 ? ":f" : ":all", i);
    ++i;
  }
  if (!hook.empty()) {
    functions += fmt::format(
        "(def bad {{:lifecycle/{} (fn [event entry] (throw (ex-info \"no\" {{}})))}})", hook);
    entries += "{:lifecycle/task :f :lifecycle/calls :my/bad}";
  }
  LocalJob job(job_text(functions, ":lifecycles [" + entries + "]"));
  job.inputs("in", "[{:n 1}]");
  job.settings.restarts_max = 0;
  const LocalRun run = job.run();
  REQUIRE(run.failure.has_value());
  CHECK(run.failure->message == "no");
  return {run.failure->action, run.failure->phase};
}

TEST_CASE("handle-exception: the first answer other than :defer counts", "[lifecycles]") {
  using task::FailureAction;
  CHECK(decided("[:defer]").action == FailureAction::kill);
  CHECK(decided("[:defer :restart]").action == FailureAction::restart);
  CHECK(decided("[:defer :restart :kill]").action == FailureAction::restart);
  CHECK(decided("[:kill :restart]").action == FailureAction::kill);
  CHECK(decided("[nil :restart]").action == FailureAction::kill);
  CHECK(decided("[]").action == FailureAction::kill);
  CHECK(decided("[:restart]").action == FailureAction::restart);
  CHECK(decided("[:nonsense]").action == FailureAction::kill);
}

TEST_CASE("handle-exception: is asked with the phase that failed", "[lifecycles]") {
  CHECK(decided("[:restart]").phase == "lifecycle/apply-fn");
  for (const char* hook : {"start-task?", "before-task-start", "before-batch", "after-read-batch",
                           "after-apply-fn", "after-batch"}) {
    const Decided result = decided("[:restart]", hook);
    CHECK(result.action == task::FailureAction::restart);
    CHECK(result.phase == std::string("lifecycle/") + hook);
  }
}

TEST_CASE("handle-exception: data with :kill-job? true is not asked about", "[lifecycles]") {
  LocalJob job(job_text(R"((defn f [s] (throw (ex-info "no" {:kill-job? true})))
      (def calls {:lifecycle/handle-exception (fn [event entry phase e] :restart)}))",
                        ":lifecycles [{:lifecycle/task :f :lifecycle/calls :my/calls}]"));
  job.inputs("in", "[{:n 1}]");
  CHECK(job.run().failure->action == task::FailureAction::kill);
}

TEST_CASE("handle-exception: gets the phase as a keyword and the exception", "[lifecycles]") {
  LocalJob job(job_text(R"((defn f [s] (throw (ex-info "no" {:code 5})))
      (defn handle [event entry phase e]
        (if (and (= :lifecycle/apply-fn phase) (= 5 (:code (ex-data e))) (= :f (:onyx.core/task event)) (= 1 (:mine entry)))
          :restart :kill))
      (def calls {:lifecycle/handle-exception handle}))",
                        ":lifecycles [{:lifecycle/task :f :lifecycle/calls :my/calls :mine 1}]"));
  job.inputs("in", "[{:n 1}]");
  job.settings.restarts_max = 2;
  const LocalRun run = job.run();
  CHECK(run.failure->action == task::FailureAction::restart);
  CHECK(run.restarts == 2);
  CHECK(run.ended == LocalRun::Ended::killed);
}

}  // namespace
}  // namespace onyx
