#include <catch2/catch.hpp>

#include <chrono>

#include "tests/unit/daemon/task/fixture.h"

namespace onyx::task {
namespace {

using Calls = std::vector<std::string>;

constexpr const char* kIncrement = "(defn f [s] (update s :n inc))";

// --- a function task ---

TEST_CASE("machine: a function task passes on the first barrier and reports epoch 0", "[task]") {
  Bench bench("f", kIncrement);
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.reports.empty());
  bench.upstream.send(barrier(0));
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.downstream.order == Calls{"barrier 0"});
  REQUIRE(bench.reports.size() == 1);
  CHECK(bench.reports[0].epoch == 0);
  CHECK_FALSE(bench.reports[0].drained);
}

TEST_CASE("machine: one step is one batch of at most the batch size", "[task]") {
  Bench bench("f", kIncrement);
  bench.upstream.send(barrier(0));
  bench.settle();
  bench.upstream.send("[{:n 1} {:n 2} {:n 3}]");
  CHECK(bench.step() == Stepped::worked);
  CHECK(bench.downstream.segments == values("[{:n 2} {:n 3}]"));
  CHECK(bench.step() == Stepped::worked);
  CHECK(bench.downstream.segments == values("[{:n 2} {:n 3} {:n 4}]"));
  CHECK(bench.step() == Stepped::waiting);
  CHECK(bench.machine->counters().segments_in == 3);
  CHECK(bench.machine->counters().segments_out == 3);
  CHECK(bench.machine->counters().batches == 2);
}

TEST_CASE("machine: a read limit below the batch size bounds a step", "[task]") {
  Bench function("f", kIncrement, ":onyx/fn :my/f", "", "", 1);
  function.upstream.send(barrier(0));
  function.settle();
  function.upstream.send("[{:n 1} {:n 2}]");
  function.step();
  CHECK(function.downstream.segments == values("[{:n 2}]"));

  Bench input("in", "", ":onyx/fn :clojure.core/identity", "", "", 1);
  input.source.segments = {value("{:n 1}"), value("{:n 2}")};
  input.machine->inject(barrier(0));
  input.settle();
  CHECK(input.downstream.segments == values("[{:n 1} {:n 2}]"));
  CHECK(input.machine->counters().batches == 2);
}

TEST_CASE("machine: a barrier stays behind the segments before it", "[task]") {
  Bench bench("f", kIncrement);
  bench.upstream.send(barrier(0));
  bench.upstream.send("[{:n 1}]");
  bench.upstream.send(barrier(1));
  bench.upstream.send("[{:n 2}]");
  bench.settle();
  CHECK(bench.downstream.order == Calls{"barrier 0", "segment", "barrier 1", "segment"});
  CHECK(bench.machine->status().epoch == 1);
}

TEST_CASE("machine: without room it waits where it was and goes on there", "[task]") {
  Bench bench("f", kIncrement);
  bench.upstream.send(barrier(0));
  bench.settle();
  bench.downstream.room = false;
  bench.upstream.send("[{:n 1}]");
  bench.upstream.send(barrier(1));
  CHECK(bench.step() == Stepped::waiting);
  CHECK(bench.step() == Stepped::waiting);
  CHECK(bench.downstream.queued.size() == 1);  // put once, however often it is tried
  bench.downstream.room = true;
  bench.settle();
  CHECK(bench.downstream.order == Calls{"barrier 0", "segment", "barrier 1"});
}

TEST_CASE("machine: a sealed function task ends when the end is published", "[task]") {
  Bench bench("f", kIncrement);
  bench.upstream.send(barrier(0));
  bench.upstream.send(barrier(1, true));
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.downstream.order == Calls{"barrier 0", "barrier 1 sealing"});
  CHECK(bench.machine->status().sealed);
  CHECK_FALSE(bench.machine->status().published);
  bench.machine->publish(1);
  CHECK(bench.step() == Stepped::ended);
  CHECK(bench.machine->status().published);
  CHECK(bench.reports.back().published);
  CHECK(bench.step() == Stepped::ended);
}

TEST_CASE("machine: a barrier that is not the next one fails the task", "[task]") {
  Bench bench("f", kIncrement);
  bench.upstream.send(barrier(0));
  bench.upstream.send(barrier(2));
  bench.settle();
  REQUIRE(bench.machine->failure().has_value());
  CHECK(bench.machine->failure()->message == "a barrier has epoch 2, 1 is expected");
}

TEST_CASE("machine: an exception of the function says where, and is final", "[task]") {
  Bench bench("f", "(defn f [s] (throw (ex-info \"bad\" {:why 1})))");
  bench.upstream.send(barrier(0));
  bench.upstream.send("[{:n 7}]");
  CHECK(bench.settle() == Stepped::failed);
  const Failure& failure = *bench.machine->failure();
  CHECK(failure.action == FailureAction::kill);
  CHECK(failure.phase == "lifecycle/apply-fn");
  CHECK(failure.message == "bad");
  CHECK(failure.data.get("why") == value("1"));
  CHECK(failure.data.get("offending-task") == value(":f"));
  CHECK(failure.data.get("offending-segment") == value("{:n 7}"));
  CHECK_THAT(failure.text, Catch::Contains("in task :f"));
  CHECK(bench.step() == Stepped::failed);
}

TEST_CASE("machine: a function that does not exist fails at compiling", "[task]") {
  Bench bench("f", "(defn g [s] s)");
  CHECK(bench.step() == Stepped::failed);
  CHECK(bench.machine->failure()->phase == "lifecycle/compiling");
  CHECK_THAT(bench.machine->failure()->message, Catch::Contains("there is no function :my/f"));
}

TEST_CASE("machine: the parameters of the peer configuration come before those of the catalog",
          "[task]") {
  Bench bench("f", "(defn f [a b s] (assoc s :params [a b]))",
              ":onyx/fn :my/f :my/k \"abc\" :onyx/params [:my/k]");
  // No peer configuration here: only the catalog's, so the function lacks one argument.
  bench.upstream.send(barrier(0));
  bench.upstream.send("[{:n 7}]");
  CHECK(bench.settle() == Stepped::failed);
}

// --- an input task ---

TEST_CASE("machine: an input task starts its plugin once and recovers it before it reads",
          "[task]") {
  Bench bench("in", "");
  bench.source.segments = {value("{:n 1}")};
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.source.calls == Calls{"start"});
  bench.machine->inject(barrier(0));
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.source.calls == Calls{"start", "recover", "synced 0"});
  CHECK(bench.downstream.order == Calls{"barrier 0", "segment"});
  CHECK(bench.plugin_event.get("onyx.core/task") == value(":in"));
}

TEST_CASE("machine: an input that is ready without segments is asked again", "[task]") {
  Bench bench("in", "");
  bench.source.segments = {value("{:n 1}")};
  bench.source.barren_polls = 3;
  bench.machine->inject(barrier(0));
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.downstream.segments == values("[{:n 1}]"));
}

TEST_CASE("machine: a barrier reaches an input that has nothing to read", "[task]") {
  Bench bench("in", "");
  bench.machine->inject(barrier(0));
  CHECK(bench.settle() == Stepped::waiting);
  bench.machine->inject(barrier(1));
  bench.machine->inject(barrier(2));
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.downstream.order == Calls{"barrier 0", "barrier 1", "barrier 2"});
  CHECK(bench.machine->status().epoch == 2);
}

TEST_CASE("machine: a barrier of another version is not for this machine", "[task]") {
  Bench bench("in", "");
  barrier::Barrier old = barrier(0);
  old.version = 0;
  bench.machine->inject(old);
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.downstream.order.empty());
}

TEST_CASE("machine: an input that is not in sync holds the barrier back", "[task]") {
  Bench bench("in", "");
  bench.machine->inject(barrier(0));
  bench.settle();
  bench.source.is_synced = false;
  bench.machine->inject(barrier(1));
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.downstream.order == Calls{"barrier 0"});
  bench.source.is_synced = true;
  bench.settle();
  CHECK(bench.downstream.order == Calls{"barrier 0", "barrier 1"});
  CHECK(bench.source.calls.back() == "synced 0");  // the epoch before the barrier's
}

TEST_CASE("machine: an input is drained once everything read is handed over", "[task]") {
  Bench bench("in", "");
  bench.machine->inject(barrier(0));
  bench.settle();
  bench.downstream.room = false;
  bench.source.segments = {value("{:n 1}"), value("{:n 2}")};
  bench.source.has_ended = true;
  CHECK(bench.settle() == Stepped::waiting);
  CHECK_FALSE(bench.machine->status().drained);
  bench.downstream.room = true;
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.machine->status().drained);
  CHECK(bench.reports.back().drained);
  bench.machine->inject(barrier(1, true));
  bench.settle();
  bench.machine->publish(1);
  CHECK(bench.settle() == Stepped::ended);
  CHECK(bench.source.calls.back() == "checkpointed 1");
}

TEST_CASE("machine: an input task ends only when its plugin has published", "[task]") {
  Bench bench("in", "");
  bench.source.has_ended = true;
  bench.machine->inject(barrier(0));
  bench.settle();
  bench.machine->inject(barrier(1, true));
  bench.settle();
  bench.source.is_published = false;
  bench.machine->publish(1);
  CHECK(bench.settle() == Stepped::waiting);
  CHECK_FALSE(bench.machine->status().published);
  bench.source.is_published = true;
  CHECK(bench.settle() == Stepped::ended);
  CHECK(bench.machine->status().published);
}

TEST_CASE("machine: segments per barrier are an allowance that each barrier renews", "[task]") {
  Bench bench("in", "", ":onyx/fn :clojure.core/identity", "", ":onyx/max-segments-per-barrier 4");
  for (int i = 0; i < 10; ++i) bench.source.segments.push_back(value("{}"));
  bench.source.has_ended = true;
  bench.machine->inject(barrier(0));
  bench.settle();
  CHECK(bench.downstream.segments.size() == 4);
  bench.machine->inject(barrier(1));
  bench.settle();
  CHECK(bench.downstream.segments.size() == 8);
  CHECK_FALSE(bench.machine->status().drained);
  bench.machine->inject(barrier(2));
  bench.settle();
  CHECK(bench.downstream.segments.size() == 10);
  CHECK(bench.machine->status().drained);
}

// --- an output task ---

TEST_CASE("machine: an output task writes what comes and passes barriers when it is in sync",
          "[task]") {
  Bench bench("out", "");
  bench.upstream.send(barrier(0));
  bench.upstream.send("[{:n 1} {:n 2}]");
  bench.settle();
  CHECK(bench.sink.segments == values("[{:n 1} {:n 2}]"));
  CHECK(bench.sink.calls == Calls{"start", "recover", "synced 0"});
  bench.sink.is_synced = false;
  bench.upstream.send(barrier(1));
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.machine->status().epoch == 0);
  bench.sink.is_synced = true;
  bench.settle();
  CHECK(bench.machine->status().epoch == 1);
}

TEST_CASE("machine: an output that takes only a part is asked again with the rest", "[task]") {
  Bench bench("out", "");
  bench.sink.room = 1;
  bench.upstream.send(barrier(0));
  bench.upstream.send("[{:n 1} {:n 2} {:n 3}]");
  CHECK(bench.settle() == Stepped::waiting);
  CHECK(bench.sink.segments == values("[{:n 1}]"));
  bench.sink.room = 5;
  bench.settle();
  CHECK(bench.sink.segments == values("[{:n 1} {:n 2} {:n 3}]"));
}

TEST_CASE("machine: an output task ends only when its plugin has published", "[task]") {
  Bench bench("out", "");
  bench.upstream.send(barrier(0));
  bench.upstream.send(barrier(1, true));
  bench.settle();
  bench.sink.is_published = false;
  bench.machine->publish(1);
  CHECK(bench.settle() == Stepped::waiting);
  CHECK_FALSE(bench.machine->status().published);
  bench.sink.is_published = true;
  CHECK(bench.settle() == Stepped::ended);
  CHECK(bench.machine->status().published);
}

// --- hooks and time ---

constexpr const char* kHooked = ":lifecycles [{:lifecycle/task :f :lifecycle/calls :my/calls}]";

TEST_CASE("machine: start-task? is asked again after the back-off, not before", "[task]") {
  // The hook says yes when the entry's :go is true; nothing changes it, so it is asked for ever.
  Bench bench("f",
              "(defn f [s] s) (def calls {:lifecycle/start-task? (fn [event entry] (do (println "
              "\"asked\") false))})",
              ":onyx/fn :my/f", kHooked);
  using std::chrono::milliseconds;
  CHECK(bench.step() == Stepped::waiting);
  CHECK(bench.lines.size() == 1);
  CHECK(bench.machine->wake_at() == bench.now + milliseconds(100));
  bench.now += milliseconds(99);
  CHECK(bench.step() == Stepped::waiting);
  CHECK(bench.lines.size() == 1);
  bench.now += milliseconds(1);
  CHECK(bench.step() == Stepped::waiting);
  CHECK(bench.lines.size() == 2);
}

TEST_CASE("machine: before-batch runs once for a batch, though a barrier comes first", "[task]") {
  Bench bench("f",
              "(defn f [s] s) (def calls {:lifecycle/before-batch (fn [event entry] (do (println "
              "\"before\") {}))})",
              ":onyx/fn :my/f", kHooked);
  bench.upstream.send(barrier(0));
  bench.settle();
  bench.upstream.send(barrier(1));
  bench.settle();
  CHECK(bench.lines.size() == 1);
  bench.upstream.send("[{:n 1}]");
  bench.settle();
  CHECK(bench.lines.size() == 2);  // of the next batch, which has begun
}

TEST_CASE("machine: stopping stops the plugin once and tells the hooks why", "[task]") {
  Bench bench("in",
              "(def calls {:lifecycle/after-task-stop (fn [event entry] (println "
              "(:onyx.core/scheduler-event event)))})",
              ":onyx/fn :clojure.core/identity",
              ":lifecycles [{:lifecycle/task :in :lifecycle/calls :my/calls}]");
  bench.settle();
  bench.machine->stop(":job-killed");
  bench.machine->stop(":job-completed");
  CHECK(bench.source.calls == Calls{"start", "stop"});
  CHECK(bench.lines == Calls{":job-killed"});
}

TEST_CASE("machine: a task that never started has nothing to stop", "[task]") {
  Bench bench("in", "");
  bench.machine->stop("job-killed");
  CHECK(bench.source.calls.empty());
}

TEST_CASE("machine: a grouped successor gets each group at one index", "[task]") {
  Bench bench("in", "",
              ":onyx/fn :clojure.core/identity :onyx/group-by-key :k :onyx/flux-policy :kill "
              ":onyx/n-peers 4");
  bench.downstream.slots = 4;
  for (int i = 0; i < 3; ++i) bench.source.segments.push_back(value("{:k \"same\"}"));
  bench.machine->inject(barrier(0));
  bench.settle();
  REQUIRE(bench.downstream.chosen.size() == 3);
  CHECK(bench.downstream.chosen[0] == dataflow::slot_of(value("\"same\""), 4));
  CHECK(bench.downstream.chosen[1] == bench.downstream.chosen[0]);
  CHECK(bench.downstream.chosen[2] == bench.downstream.chosen[0]);
}

}  // namespace
}  // namespace onyx::task
