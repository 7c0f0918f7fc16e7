#include "daemon/plugins/function/function_output.h"

#include "daemon/plugins/null/null_output.h"

namespace onyx::plugins {

PluginKind function_output_kind() {
  PluginKind kind;
  kind.name = "onyx.peer.function/function";
  kind.doc = "A leaf that only runs the task's function and discards what it returns.";
  kind.make_output = [](PluginContext context) -> Result<std::unique_ptr<Output>> {
    if (context.catalog_entry.get("onyx/fn").is_nil()) {
      return failure(ErrorCode::invalid_argument,
                     "task :" + context.task.text() +
                         " has the plugin :onyx.peer.function/function but no :onyx/fn; name the "
                         "function it shall run, or "
                         "use :onyx.plugin.null/output to discard segments");
    }
    return make_discarding_output();
  };
  return kind;
}

}  // namespace onyx::plugins
