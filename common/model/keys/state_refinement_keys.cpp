#include "common/model/keys/keys.h"

namespace onyx::model::keys {
namespace {

constexpr ModelKey kStateRefinementKeys[] = {
    {.section = Section::state_refinement,
     .key = "refinement/create-state-update",
     .type = ValueType::any,
     .type_text = "function",
     .need = Need::required,
     .added = "0.9.0",
     .rule = "ADD-09",
     .doc = "(trigger, state, state-event) -> update entry."},
    {.section = Section::state_refinement,
     .key = "refinement/apply-state-update",
     .type = ValueType::any,
     .type_text = "function",
     .need = Need::required,
     .added = "0.9.0",
     .rule = "ADD-09",
     .doc = "(trigger, state, entry) -> replacement state."},
};

}  // namespace

std::span<const ModelKey> state_refinement_keys() { return kStateRefinementKeys; }

}  // namespace onyx::model::keys
