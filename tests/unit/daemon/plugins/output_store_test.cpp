#include "daemon/plugins/seq/output_store.h"

#include <catch2/catch.hpp>

#include <thread>

#include "common/base/case_job.h"
#include "tests/unit/daemon/plugins/fixture.h"

namespace onyx::plugins {
namespace {

std::vector<edn::Value> numbers(int begin, int end) {
  std::vector<edn::Value> all;
  for (int i = begin; i < end; ++i) all.push_back(edn::Value::integer(i));
  return all;
}

void append(SegmentLog& log, int begin, int end, SlotId slot = 0, ReplicaVersion version = 1) {
  std::vector<edn::Value> segments = numbers(begin, end);
  REQUIRE(log.append(version, slot, segments));
}

TEST_CASE("segment log: keeps the last ones and counts all", "[plugins][output-store]") {
  SegmentLog log(10);
  log.begin(1);
  append(log, 0, 7);
  append(log, 7, 12);
  const SegmentLog::View view = log.read();
  CHECK(view.first == 2);
  CHECK(view.written == 12);
  CHECK(view.segments == numbers(2, 12));
}

TEST_CASE("segment log: a batch larger than the limit leaves its end", "[plugins][output-store]") {
  SegmentLog log(10);
  log.begin(1);
  append(log, 0, 25);
  CHECK(log.read().segments == numbers(15, 25));
  CHECK(log.read().first == 15);
}

TEST_CASE("segment log: reading goes on from a number", "[plugins][output-store]") {
  SegmentLog log(10);
  log.begin(1);
  append(log, 0, 15);
  CHECK(log.read(12).segments == numbers(12, 15));
  CHECK(log.read(0, 3).segments == numbers(5, 8));
  CHECK(log.read(15).segments.empty());
  CHECK(log.read(99).first == 15);
}

TEST_CASE("segment log: without a limit everything is kept", "[plugins][output-store]") {
  SegmentLog log(0);
  log.begin(1);
  append(log, 0, 5'000);
  CHECK(log.read().segments.size() == 5'000);
}

TEST_CASE("segment log: publication is per slot, and only of the current version",
          "[plugins][output-store]") {
  SegmentLog log(0);
  log.begin(1);
  append(log, 0, 2, 0);
  append(log, 2, 4, 1);
  log.publish(1, 0);
  log.publish(7, 1);
  log.begin(2);
  log.begin(2);
  CHECK(log.read().segments == numbers(0, 2));
  CHECK(log.read().written == 2);
  std::vector<edn::Value> stale = numbers(9, 10);
  CHECK_FALSE(log.append(1, 0, stale));
}

TEST_CASE("output store: a captured job keeps all, others the last thousand",
          "[plugins][output-store]") {
  OutputStore store;
  store.capture(JobId("captured"));
  for (const char* job : {"captured", "other"}) {
    auto log = store.open(JobId(job), TaskId("t"));
    log->begin(1);
    append(*log, 0, 1'500);
  }
  CHECK(store.find(JobId("captured"), TaskId("t"))->read().segments.size() == 1'500);
  CHECK(store.find(JobId("other"), TaskId("t"))->read().segments.size() == kSegmentsKept);
}

TEST_CASE("output store: a job is listed and forgotten by itself", "[plugins][output-store]") {
  OutputStore store;
  store.open(JobId("a"), TaskId("x"));
  store.open(JobId("a"), TaskId("y"));
  store.open(JobId("b"), TaskId("x"));
  CHECK(store.tasks(JobId("a")) == std::vector<TaskId>{TaskId("x"), TaskId("y")});
  store.forget(JobId("a"));
  CHECK(store.tasks(JobId("a")).empty());
  CHECK(store.find(JobId("a"), TaskId("x")) == nullptr);
  CHECK(store.find(JobId("b"), TaskId("x")) != nullptr);
}

TEST_CASE("output store: of thousands of ended jobs the last are kept, and all that still write",
          "[plugins][output-store]") {
  OutputStore store;
  const auto job = [](std::size_t i) { return JobId("job-" + std::to_string(i)); };
  const TaskId task("out");
  const auto first = store.open(job(0), task);
  for (std::size_t i = 1; i < 2 * kEndedJobsKept; ++i) store.open(job(i), task);
  CHECK(store.find(job(0), task) == first);
  CHECK(store.find(job(1), task) == nullptr);
  CHECK(store.find(job(kEndedJobsKept + 1), task) != nullptr);
  CHECK(store.find(job(2 * kEndedJobsKept - 1), task) != nullptr);
}

TEST_CASE("output store: a capture ends with its scope", "[plugins][output-store]") {
  OutputStore store;
  const JobId job("job");
  {
    const Capture capture(store, job);
    store.open(job, TaskId("out"));
    CHECK(store.tasks(job).size() == 1);
  }
  CHECK(store.tasks(job).empty());
}

TEST_CASE("segment log: a reader beside two writers sees whole prefixes per slot",
          "[plugins][output-store]") {
  SegmentLog log(0);
  log.begin(1);
  const auto write = [&log](SlotId slot) {
    for (int i = 0; i < 500; ++i) {
      std::vector<edn::Value> batch{edn::Value::integer(slot * 1'000 + i)};
      log.append(1, slot, batch);
    }
  };
  std::thread first(write, 0);
  std::thread second(write, 1);
  bool in_order = true;
  std::size_t seen = 0;
  while (seen < 1'000) {
    const SegmentLog::View view = log.read();
    std::int64_t next[2] = {0, 0};
    for (const edn::Value& segment : view.segments) {
      const std::int64_t slot = segment.as_integer() / 1'000;
      in_order = in_order && segment.as_integer() % 1'000 == next[slot]++;
    }
    seen = view.segments.size();
  }
  first.join();
  second.join();
  CHECK(in_order);
  CHECK(log.read().written == 1'000);
}

TEST_CASE("output store: cases are kept whole wherever they run, few of them, and evict no others",
          "[plugins][output-store]") {
  OutputStore store;
  const auto case_of = [](std::size_t i) {
    std::string uuid = "00000000-0000-4000-8000-000000000000";
    uuid.replace(24, 12, std::to_string(100'000'000'000 + i));
    return case_job(uuid);
  };
  for (std::size_t i = 0; i < kEndedJobsKept; ++i)
    store.open(JobId("j" + std::to_string(i)), TaskId("out"));
  for (std::size_t i = 0; i < 100; ++i) {
    auto log = store.open(case_of(i), TaskId("out"));
    log->begin(1);
    append(*log, 0, 5'000);
  }
  CHECK(store.find(JobId("j0"), TaskId("out")) != nullptr);
  CHECK(store.find(case_of(99), TaskId("out"))->read().segments.size() == 5'000);
  CHECK(store.find(case_of(100 - kEndedCasesKept), TaskId("out")) != nullptr);
  CHECK(store.find(case_of(99 - kEndedCasesKept), TaskId("out")) == nullptr);
  store.forget(case_of(99));
  CHECK(store.find(case_of(99), TaskId("out")) == nullptr);
}

}  // namespace
}  // namespace onyx::plugins
