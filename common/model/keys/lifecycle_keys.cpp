#include "common/model/keys/keys.h"

namespace onyx::model::keys {
namespace {

constexpr ModelKey kLifecycleKeys[] = {
    {.section = Section::lifecycle,
     .key = "lifecycle/task",
     .type = ValueType::keyword,
     .type_text = "task | :all",
     .need = Need::required,
     .added = "0.8.0",
     .rule = "LC-02",
     .doc = "Task the hooks apply to, or :all."},
    {.section = Section::lifecycle,
     .key = "lifecycle/calls",
     .type = ValueType::namespaced_keyword,
     .type_text = "namespaced keyword",
     .need = Need::required,
     .restrictions = "the calls of Onyx's own plugins are accepted and do nothing",
     .added = "0.8.0",
     .rule = "LC-03",
     .doc = "Name of the map of hooks."},
    {.section = Section::lifecycle,
     .key = "lifecycle/doc",
     .type = ValueType::string,
     .type_text = "string",
     .restrictions = "any key outside the lifecycle namespace may be added and is visible to the "
                     "hooks as their second argument",
     .added = "0.8.0",
     .rule = "LC-04",
     .doc = "Free text."},
};

}  // namespace

std::span<const ModelKey> lifecycle_keys() { return kLifecycleKeys; }

}  // namespace onyx::model::keys
