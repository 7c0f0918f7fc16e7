// Lifecycle calls that Onyx's own plugins asked jobs to list: accepted, and without effect here, since connectors bring
// their own error policy.
#pragma once

#include <string_view>

namespace onyx::model {

// `name` without its colon: "onyx.plugin.core-async/reader-calls".
bool is_legacy_plugin_calls(std::string_view name);

}  // namespace onyx::model
