#include "common/model/keys/keys.h"

namespace onyx::model::keys {
namespace {

constexpr ModelKey kSeqPluginKeys[] = {
    {.section = Section::seq_plugin,
     .key = "seq/sequential",
     .type = ValueType::list,
     .type_text = "[segment ...]",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "The segments of a seq input, carried in the job."},
    {.section = Section::seq_plugin,
     .key = "seq/checkpoint?",
     .type = ValueType::boolean,
     .type_text = "boolean",
     .default_text = "true",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc =
         "Whether the input remembers how far it has read; false: it starts over after a failure."},
};

}  // namespace

std::span<const ModelKey> seq_plugin_keys() { return kSeqPluginKeys; }

}  // namespace onyx::model::keys
