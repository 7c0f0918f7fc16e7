// The null output: discards what it gets, and counts it. Always synced. Also the sink of a `:reduce` task without a plugin.
#pragma once

#include <memory>

#include "daemon/plugins/registry.h"

namespace onyx::plugins {

std::unique_ptr<Output> make_discarding_output();

PluginKind null_output_kind();  // :onyx.plugin.null/output

}  // namespace onyx::plugins
