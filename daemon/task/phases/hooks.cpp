// The phases that run hooks with a batch. They exist only where some lifecycle entry has such a hook.
#include <utility>

#include <fmt/format.h>

#include "daemon/dataflow/task_exception.h"
#include "daemon/task/event_map.h"
#include "daemon/task/phases/phases.h"

namespace onyx::task::phases {
namespace {

edn::Value core(std::string_view name) { return edn::Value::keyword(name); }

tl::expected<void, edn::Value> run(MachineState& state, Hook hook) {
  auto event = state.lifecycles.run(hook, std::move(state.event));
  if (!event.has_value()) {
    state.event = state.initial_event;
    return tl::unexpected(std::move(event).error());
  }
  state.event = std::move(*event);
  return {};
}

}  // namespace

Verdict before_batch(MachineState& state) {
  if (state.is_batch_open) return Said::advance;  // a barrier came between the hook and the batch
  if (auto done = run(state, Hook::before_batch); !done.has_value())
    return tl::unexpected(done.error());
  state.is_batch_open = true;
  return Said::advance;
}

Verdict after_read_batch(MachineState& state) {
  const edn::Value shown = edn::Value::vector(state.batch);
  state.event = std::move(state.event).assoc(core("onyx.core/batch"), shown);
  if (!state.lifecycles.has(Hook::after_read_batch)) return Said::advance;
  if (auto done = run(state, Hook::after_read_batch); !done.has_value())
    return tl::unexpected(done.error());
  const edn::Value& batch = state.event.get("onyx.core/batch");
  if (batch.object() == shown.object()) return Said::advance;
  if (!batch.is_sequential() && !batch.is_nil()) {
    return tl::unexpected(
        dataflow::task_exception(":lifecycle/after-read-batch returned an :onyx.core/batch that is "
                                 "no sequence of segments"));
  }
  state.batch.clear();
  if (!batch.is_nil()) {
    for (const edn::Value& segment : batch.items()) state.batch.push_back(segment);
  }
  return Said::advance;
}

Verdict after_apply_fn(MachineState& state) {
  const edn::Value shown = transformed_value(state.results);
  state.event = std::move(state.event).assoc(core("onyx.core/transformed"), shown);
  if (!state.lifecycles.has(Hook::after_apply_fn)) return Said::advance;
  if (auto done = run(state, Hook::after_apply_fn); !done.has_value())
    return tl::unexpected(done.error());
  const edn::Value& transformed = state.event.get("onyx.core/transformed");
  if (transformed.object() == shown.object()) return Said::advance;
  auto results = results_of(transformed, state.batch.size());
  if (!results.has_value()) return tl::unexpected(std::move(results).error());
  state.results = std::move(*results);
  return Said::advance;
}

Verdict after_batch(MachineState& state) {
  if (auto done = run(state, Hook::after_batch); !done.has_value())
    return tl::unexpected(done.error());
  return Said::advance;
}

}  // namespace onyx::task::phases
