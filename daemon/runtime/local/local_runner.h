// A whole job in one thread: the real tasks on in-memory channels, with a clock that only moves when nothing can be done.
//
// Shape:   every task has as many peers as it needs at least. The seed decides whose turn it is, so one seed is one run,
//          unless a plugin has threads of its own.
// Thread:  the caller's.
// Errors:  a task that fails ends the run as killed, with its failure; one that asks for a restart starts the job over, a few
//          times.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/edn/value.h"
#include "common/model/job.h"
#include "common/model/planning.h"
#include "daemon/plugins/registry.h"
#include "daemon/task/task_compile.h"
#include "daemon/task/task_machine.h"

namespace onyx::runtime {

using CompiledTasks = std::map<TaskId, std::shared_ptr<const task::CompiledTask>>;

struct LocalSettings {
  edn::Value peer_config;
  std::vector<std::string> file_roots;
  std::uint64_t seed = 0;
  int restarts_max = 3;
  int turns_per_barrier = 64;                  // steps of machines between a barrier and the next
  std::chrono::milliseconds patience{60'000};  // for a plugin that waits for something outside
};

struct LocalRun {
  enum class Ended : std::uint8_t {
    completed,
    killed,  // see `failure`
    stuck,   // nothing could be done any more
  };
  Ended ended = Ended::stuck;
  std::map<std::string, std::vector<edn::Value>>
      outputs;  // seq outputs, all segments in order of arrival
  std::optional<task::Failure> failure;
  TaskId failed_task;
  int restarts = 0;
  std::vector<std::string> log;                              // "task: line"
  std::map<TaskId, std::vector<std::uint64_t>> segments_in;  // by task and slot
  std::uint64_t dropped = 0;
};

// Plugins come from `plugins`, but for :onyx.plugin.seq/output, whose segments go into the LocalRun.
LocalRun run_local(const model::Job& job, const model::Plan& plan, const CompiledTasks& tasks,
                   const plugins::Registry& plugins, const LocalSettings& settings);

}  // namespace onyx::runtime
