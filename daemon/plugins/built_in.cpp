#include "daemon/plugins/built_in.h"

#include <utility>

#include "daemon/plugins/file/file_input.h"
#include "daemon/plugins/file/file_output.h"
#include "daemon/plugins/function/function_output.h"
#include "daemon/plugins/generator/generator_input.h"
#include "daemon/plugins/null/null_output.h"
#include "daemon/plugins/seq/seq_input.h"
#include "daemon/plugins/seq/seq_output.h"

namespace onyx::plugins {

void add_built_in(Registry& registry, std::shared_ptr<OutputStore> store) {
  registry.add(seq_input_kind());
  registry.add(seq_output_kind(std::move(store)));
  registry.add(null_output_kind());
  registry.add(function_output_kind());
  registry.add(generator_input_kind());
  registry.add(file_input_kind());
  registry.add(file_output_kind());
}

}  // namespace onyx::plugins
