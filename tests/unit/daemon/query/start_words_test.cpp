#include "daemon/query/start_words.h"

#include <catch2/catch.hpp>

#include "tests/support/cluster_log.h"

namespace onyx::query {
namespace {

// Three peers of one group on a job's three tasks.
test::ClusterLog running() {
  auto log = test::ClusterLog::with_peers(3);
  log.append(
      test::submit("j", test::chain({test::task("in"), test::task("f"), test::task("out")})));
  return log;
}

runtime::TaskProgress progress(const std::string& task, std::int32_t starting,
                               const std::string& phase) {
  runtime::TaskProgress progress;
  progress.task = TaskId(task);
  progress.peers = 1;
  progress.starting = starting;
  progress.starting_in = phase;
  return progress;
}

std::optional<std::string> text(const test::ClusterLog& log, const runtime::HeardReports& heard) {
  return starting_text(log.replica(), log.job("j"), heard);
}

TEST_CASE("starting: a daemon that is silent, or has not begun", "[query]") {
  const auto log = running();
  runtime::HeardReports heard;
  CHECK(text(log, heard) == "is starting: 0 of 3 peers run; group g has not begun");
  heard.silent[JobId("j")].insert(GroupId("g"));
  CHECK(text(log, heard) == "is starting: 0 of 3 peers run; group g has not answered");
}

TEST_CASE("starting: a report of an older allocation counts for nothing", "[query]") {
  const auto log = running();
  runtime::HeardReports heard;
  heard.of[JobId("j")][GroupId("g")].version = log.job("j").version - 1;
  CHECK(text(log, heard) == "is starting: 0 of 3 peers run; group g has not begun");
}

TEST_CASE("starting: the tasks that have not come to their first batch, and what for", "[query]") {
  const auto log = running();
  runtime::HeardReports heard;
  runtime::JobReport& report = heard.of[JobId("j")][GroupId("g")];
  report.version = log.job("j").version;
  report.tasks = {progress("in", 0, ""), progress("f", 1, "lifecycle/start-task?"),
                  progress("out", 1, "lifecycle/poll-recover")};
  CHECK(text(log, heard) ==
        "is starting: 1 of 3 peers run; task f waits for its :lifecycle/start-task? hook; task out "
        "waits for the first barrier");
  for (auto& task : report.tasks) task.starting = 0;
  CHECK(text(log, heard) == std::nullopt);
}

TEST_CASE("starting: every phase has its words", "[query]") {
  for (const char* phase :
       {"lifecycle/compiling", "lifecycle/start-task?", "lifecycle/before-task-start",
        "lifecycle/initializing", "lifecycle/poll-recover", "lifecycle/recover-input"})
    CHECK(words_of_phase(phase) != words_of_phase("lifecycle/offer-barriers"));
}

}  // namespace
}  // namespace onyx::query
