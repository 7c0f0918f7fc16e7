// The plugins that every daemon has: seq, null, leaf function, generator.
#pragma once

#include <memory>

#include "daemon/plugins/registry.h"
#include "daemon/plugins/seq/output_store.h"

namespace onyx::plugins {

// `store` receives what the seq outputs write.
void add_built_in(Registry& registry, std::shared_ptr<OutputStore> store);

}  // namespace onyx::plugins
