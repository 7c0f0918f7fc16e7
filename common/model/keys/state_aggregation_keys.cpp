#include "common/model/keys/keys.h"

namespace onyx::model::keys {
namespace {

constexpr ModelKey kStateAggregationKeys[] = {
    {.section = Section::state_aggregation,
     .key = "aggregation/init",
     .type = ValueType::any,
     .type_text = "function",
     .restrictions = "when absent :window/init is used",
     .added = "0.8.0",
     .rule = "ADD-09",
     .doc = "(window) -> initial state."},
    {.section = Section::state_aggregation,
     .key = "aggregation/init-locals",
     .type = ValueType::any,
     .type_text = "function",
     .added = "0.11.0",
     .rule = "ADD-09",
     .doc = "(window) -> map merged into the window map handed to the other functions."},
    {.section = Section::state_aggregation,
     .key = "aggregation/create-state-update",
     .type = ValueType::any,
     .type_text = "function",
     .need = Need::required,
     .added = "0.8.0",
     .rule = "ADD-09",
     .doc = "(window, segment) -> serialisable update entry."},
    {.section = Section::state_aggregation,
     .key = "aggregation/apply-state-update",
     .type = ValueType::any,
     .type_text = "function",
     .need = Need::required,
     .added = "0.8.0",
     .rule = "ADD-09",
     .doc = "(window, state, entry) -> state. Must be pure: replayed from the ordered log."},
    {.section = Section::state_aggregation,
     .key = "aggregation/super-aggregation-fn",
     .type = ValueType::any,
     .type_text = "function",
     .restrictions = "needed by :session when two sessions meet",
     .added = "0.8.0",
     .rule = "ADD-09",
     .doc = "(window, lower-state, upper-state) -> state of a merged session."},
};

}  // namespace

std::span<const ModelKey> state_aggregation_keys() { return kStateAggregationKeys; }

}  // namespace onyx::model::keys
