// The leaf function: an `:output` task that only runs its `:onyx/fn`; the results go nowhere.
#pragma once

#include "daemon/plugins/registry.h"

namespace onyx::plugins {

PluginKind function_output_kind();  // :onyx.peer.function/function

}  // namespace onyx::plugins
