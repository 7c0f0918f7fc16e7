// The seq output: keeps what a task wrote in the daemon's OutputStore, for `onyxctl job output` and `onyxctl test`.
#pragma once

#include <memory>

#include "daemon/plugins/registry.h"
#include "daemon/plugins/seq/output_store.h"

namespace onyx::plugins {

PluginKind seq_output_kind(std::shared_ptr<OutputStore> store);  // :onyx.plugin.seq/output

}  // namespace onyx::plugins
