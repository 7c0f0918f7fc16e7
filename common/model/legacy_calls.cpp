#include "common/model/legacy_calls.h"

namespace onyx::model {

bool is_legacy_plugin_calls(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view ns = name.substr(0, slash);
  const std::string_view part = name.substr(slash + 1);
  if (!ns.starts_with("onyx.plugin.") && !ns.starts_with("onyx.tasks.") &&
      ns != "onyx.peer.function")
    return false;
  return part.ends_with("-calls") || part == "calls" || part == "inject-seq-via-lifecycle";
}

}  // namespace onyx::model
