// Small jobs from seq to seq, and waiting for what other threads do.
#pragma once

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "common/edn/reader.h"
#include "daemon/plugins/built_in.h"
#include "daemon/runtime/compiled_job.h"
#include "daemon/runtime/job_execution.h"

namespace onyx::runtime {

// Values that callbacks change and a test waits for. The limit is a hang guard.
class Board {
 public:
  void change(const std::function<void()>& how) {
    std::lock_guard lock(mutex_);
    how();
    changed_.notify_all();
  }
  bool wait(const std::function<bool()>& holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60), holds);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

inline std::string numbers(int count) {
  std::string text = "[";
  for (int i = 0; i < count; ++i) text += fmt::format("{{:n {}}} ", i);
  return text + "]";
}

inline std::string input(std::string_view name, std::string_view segments, int batch_size,
                         std::string_view more = ":onyx/n-peers 1") {
  return fmt::format(
      "{{:onyx/name :{} :onyx/plugin :onyx.plugin.seq/input :onyx/type :input :onyx/medium :seq "
      ":seq/sequential {} :onyx/batch-size {} {}}}",
      name, segments, batch_size, more);
}
inline std::string function(std::string_view name, std::string_view fn, int batch_size,
                            std::string_view more = "") {
  return fmt::format("{{:onyx/name :{} :onyx/type :function :onyx/fn :{} :onyx/batch-size {} {}}}",
                     name, fn, batch_size, more);
}
inline std::string output(std::string_view name, int batch_size, std::string_view more = "") {
  return fmt::format(
      "{{:onyx/name :{} :onyx/plugin :onyx.plugin.seq/output :onyx/type :output :onyx/medium :seq "
      ":onyx/batch-size {} {}}}",
      name, batch_size, more);
}

inline constexpr std::string_view kFunctions = R"((ns my)
  (defn same [s] s)
  (defn tag-a [s] (assoc s :by :a))
  (defn tag-b [s] (assoc s :by :b))
  (defn slow [s] (assoc s :sum (reduce + (range 200))))
  (defn spin [s] (loop [] (recur)))
  (defn fail [s] (throw (ex-info "no more" {:why 7}))))";

inline std::string job_text(std::string_view workflow, std::string_view catalog,
                            std::string_view task_scheduler = ":onyx.task-scheduler/balanced") {
  return fmt::format("{{:workflow {} :catalog [{}] :functions [{}] :task-scheduler {}}}", workflow,
                     catalog, kFunctions, task_scheduler);
}

inline std::shared_ptr<const CompiledJob> compiled(const std::string& text) {
  JobSource source;
  source.text.job = {"job.edn", text};
  CompileContext context;
  context.job_scheduler = "onyx.job-scheduler/balanced";
  context.peer_config = edn::Value::map();
  auto job = compile_job(std::move(source), context);
  if (!job.has_value()) {
    std::string all;
    for (const auto& diagnostic : job.error()) all += edn::render(diagnostic, text, false);
    FAIL(all);
  }
  return *job;
}

inline std::vector<edn::Value> sorted(std::vector<edn::Value> values) {
  std::sort(values.begin(), values.end(),
            [](const auto& a, const auto& b) { return edn::compare(a, b) < 0; });
  return values;
}

}  // namespace onyx::runtime
