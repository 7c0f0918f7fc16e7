// The loop of a task as data: all phases in order, and who has them.
//
//   start       compiling  start-task?  before-task-start  initializing
//   recover     poll-recover  offer-barriers  recover-input | recover-output  offer-barrier-status
//   iteration   next-iteration  [input-poll-barriers]  seal-barriers?  offer-barriers  offer-barrier-status
//   batch       before-batch  read-batch  after-read-batch  apply-fn  after-apply-fn  prepare-batch  write-batch  after-batch
//
// Shape:   filtered once for a task, by its place in the workflow and by whether hooks run with its batches; the loop goes
//          back from the end to next-iteration.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "daemon/task/phase.h"
#include "daemon/task/task_compile.h"

namespace onyx::task {

// Its exceptions kill the job; no handler is asked, because they may be what does not compile.
inline constexpr std::string_view kCompiling = "lifecycle/compiling";

struct PhaseTable {
  std::vector<Phase> phases;
  std::size_t iteration_begin = 0;
  std::size_t batch_begin = 0;
};

// One of six tables, made once.
const PhaseTable& phase_table(TaskKind kind, bool has_batch_hooks);

}  // namespace onyx::task
