#include <span>
#include <vector>

#include "daemon/dataflow/task_exception.h"
#include "daemon/task/phases/phases.h"

namespace onyx::task::phases {
namespace {

// Hooks may have replaced them for this batch.
tl::expected<std::vector<edn::Value>, edn::Value> params_of(const edn::Value& event) {
  const edn::Value& given = event.get("onyx.core/params");
  std::vector<edn::Value> params;
  if (given.is_nil()) return params;
  if (!given.is_sequential()) {
    return tl::unexpected(dataflow::task_exception(
        ":onyx.core/params must be a vector of the function's leading arguments"));
  }
  for (const edn::Value& param : given.items()) params.push_back(param);
  return params;
}

}  // namespace

Verdict apply_fn(MachineState& state) {
  const bool has_hooks = state.lifecycles.has_batch_hooks();
  const bool keeps_batch = has_hooks || (state.router.has_value() && state.router->needs_batch());
  tl::expected<void, edn::Value> done;
  if (has_hooks) {
    const auto params = params_of(state.event);
    if (!params.has_value()) return tl::unexpected(params.error());
    done = state.transform->apply(state.batch, *params, keeps_batch,
                                  state.task->routes_exceptions(), state.results);
  } else {
    done = state.transform->apply(state.batch, state.params, keeps_batch,
                                  state.task->routes_exceptions(), state.results);
  }
  if (!done.has_value()) return tl::unexpected(std::move(done).error());
  return Said::advance;
}

}  // namespace onyx::task::phases
