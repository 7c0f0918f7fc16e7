#include "common/model/keys/keys.h"

namespace onyx::model::keys {
namespace {

constexpr ModelKey kGeneratorPluginKeys[] = {
    {.section = Section::generator_plugin,
     .key = "generator/segment",
     .type = ValueType::map,
     .type_text = "segment",
     .default_text = "{}",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "The segment that a generator copies."},
    {.section = Section::generator_plugin,
     .key = "generator/cycle",
     .type = ValueType::list_of_maps,
     .type_text = "[segment ...]",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "Segments that a generator copies in turn, instead of :generator/segment."},
    {.section = Section::generator_plugin,
     .key = "generator/counter",
     .type = ValueType::any,
     .type_text = "key",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "The key under which a generator counts 0, 1, 2 …; none when absent."},
    {.section = Section::generator_plugin,
     .key = "generator/segments",
     .type = ValueType::any,
     .type_text = "integer or :unlimited",
     .default_text = ":unlimited",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "How many segments a generator makes in all."},
};

}  // namespace

std::span<const ModelKey> generator_plugin_keys() { return kGeneratorPluginKeys; }

}  // namespace onyx::model::keys
