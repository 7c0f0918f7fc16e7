#include "daemon/task/phase_table.h"

#include <array>

#include "common/base/check.h"
#include "daemon/task/phases/phases.h"

namespace onyx::task {
namespace {

enum Kinds : unsigned {
  S = 1,
  I = 2,
  K = 4,
  L = 8
};  // source, intermediate, sink; L: only with batch hooks

struct Row {
  enum class Part { start, recover, iteration, batch } part;
  Phase phase;
  unsigned kinds;
};

constexpr Row kRows[] = {
    {Row::Part::start, {kCompiling, phases::compile}, S | I | K},
    {Row::Part::start, {"lifecycle/start-task?", phases::start_task}, S | I | K},
    {Row::Part::start, {"lifecycle/before-task-start", phases::before_task_start}, S | I | K},
    {Row::Part::start, {"lifecycle/initializing", phases::initialize}, S | I | K},
    {Row::Part::recover, {"lifecycle/poll-recover", phases::poll_recover}, S | I | K},
    {Row::Part::recover, {"lifecycle/offer-barriers", phases::offer_barriers}, S | I},
    {Row::Part::recover, {"lifecycle/recover-input", phases::recover_input}, S},
    {Row::Part::recover, {"lifecycle/recover-output", phases::recover_output}, K},
    {Row::Part::recover,
     {"lifecycle/offer-barrier-status", phases::offer_barrier_status},
     S | I | K},
    {Row::Part::iteration, {"lifecycle/next-iteration", phases::next_iteration}, S | I | K},
    {Row::Part::iteration, {"lifecycle/input-poll-barriers", phases::input_poll_barriers}, S},
    {Row::Part::iteration, {"lifecycle/seal-barriers?", phases::seal_barriers}, S | I | K},
    {Row::Part::iteration, {"lifecycle/offer-barriers", phases::offer_barriers}, S | I},
    {Row::Part::iteration,
     {"lifecycle/offer-barrier-status", phases::offer_barrier_status},
     S | I | K},
    {Row::Part::batch, {"lifecycle/before-batch", phases::before_batch}, S | I | K | L},
    {Row::Part::batch, {"lifecycle/read-batch", phases::read_batch_of_input}, S},
    {Row::Part::batch, {"lifecycle/read-batch", phases::read_batch_of_subscriber}, I | K},
    {Row::Part::batch, {"lifecycle/after-read-batch", phases::after_read_batch}, S | I | K | L},
    {Row::Part::batch, {"lifecycle/apply-fn", phases::apply_fn}, S | I | K},
    {Row::Part::batch, {"lifecycle/after-apply-fn", phases::after_apply_fn}, S | I | K | L},
    {Row::Part::batch, {"lifecycle/prepare-batch", phases::prepare_messages}, S | I},
    {Row::Part::batch, {"lifecycle/prepare-batch", phases::prepare_output}, K},
    {Row::Part::batch, {"lifecycle/write-batch", phases::write_messages}, S | I},
    {Row::Part::batch, {"lifecycle/write-batch", phases::write_output}, K},
    {Row::Part::batch, {"lifecycle/after-batch", phases::after_batch}, S | I | K | L},
};

PhaseTable filtered(unsigned kind, bool has_batch_hooks) {
  PhaseTable table;
  for (const Row& row : kRows) {
    if ((row.kinds & kind) == 0 || ((row.kinds & L) != 0 && !has_batch_hooks)) continue;
    if (row.part == Row::Part::iteration && table.iteration_begin == 0)
      table.iteration_begin = table.phases.size();
    if (row.part == Row::Part::batch && table.batch_begin == 0)
      table.batch_begin = table.phases.size();
    table.phases.push_back(row.phase);
  }
  return table;
}

}  // namespace

const PhaseTable& phase_table(TaskKind kind, bool has_batch_hooks) {
  static const std::array<PhaseTable, 6> tables{filtered(S, false), filtered(S, true),
                                                filtered(I, false), filtered(I, true),
                                                filtered(K, false), filtered(K, true)};
  const std::size_t row = kind == TaskKind::source ? 0 : kind == TaskKind::intermediate ? 1 : 2;
  return tables[2 * row + (has_batch_hooks ? 1 : 0)];
}

}  // namespace onyx::task
