#include <cstring>

#include "daemon/dataflow/task_exception.h"
#include "daemon/task/phases/phases.h"

namespace onyx::task::phases {
namespace {

// Tells the plugins that an epoch is complete for the whole job.
Verdict publish(MachineState& state) {
  const Epoch epoch = *state.to_publish;
  Result<bool> done = true;
  if (state.input != nullptr) done = state.input->checkpointed(epoch);
  if (done.has_value() && *done && state.output != nullptr)
    done = state.output->checkpointed(epoch);
  if (!done.has_value()) return tl::unexpected(dataflow::task_exception(done.error()));
  if (!*done) return Said::stay;
  state.to_publish.reset();
  TaskStatus status = state.status();
  if (!status.sealed || epoch < status.epoch) return Said::advance;
  status.published = true;
  state.set_status(status);
  state.report();
  return Said::ended;
}

// A fresh id for each iteration, the same in each run.
edn::Value lifecycle_id(const MachineState& state) {
  edn::Uuid id{};
  const std::uint64_t peer = edn::stable_hash(state.environment.peer.text());
  std::memcpy(id.data(), &peer, sizeof peer);
  std::memcpy(id.data() + sizeof peer, &state.iterations, sizeof state.iterations);
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x80);  // version 8: of our own making
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
  return edn::Value::uuid(id);
}

}  // namespace

Verdict next_iteration(MachineState& state) {
  if (state.to_publish.has_value()) {
    if (Verdict published = publish(state); !published.has_value() || *published != Said::advance)
      return published;
  }
  if (state.is_sealed) return Said::stay;  // until it is published
  if (state.is_batch_open || !state.lifecycles.has_batch_hooks()) return Said::advance;
  ++state.iterations;
  state.event = edn::Value(state.initial_event)
                    .assoc(edn::Value::keyword("onyx.core/lifecycle-id"), lifecycle_id(state))
                    .assoc(edn::Value::keyword("onyx.core/triggered"), edn::Value::vector());
  return Said::advance;
}

}  // namespace onyx::task::phases
