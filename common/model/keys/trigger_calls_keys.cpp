#include "common/model/keys/keys.h"

namespace onyx::model::keys {
namespace {

constexpr ModelKey kTriggerCallsKeys[] = {
    {.section = Section::trigger_calls,
     .key = "trigger/init-state",
     .type = ValueType::any,
     .type_text = "function",
     .restrictions = "without it :trigger/state-context must contain :window-state",
     .added = "0.9.0",
     .rule = "ADD-09",
     .doc = "(trigger) -> initial trigger state."},
    {.section = Section::trigger_calls,
     .key = "trigger/init-locals",
     .type = ValueType::any,
     .type_text = "function",
     .added = "0.9.0",
     .rule = "ADD-09",
     .doc = "(trigger) -> map merged into the trigger map once per task start."},
    {.section = Section::trigger_calls,
     .key = "trigger/next-state",
     .type = ValueType::any,
     .type_text = "function",
     .restrictions = "needed with :trigger-state in :trigger/state-context",
     .added = "0.9.0",
     .rule = "ADD-09",
     .doc = "(trigger, state, state-event) -> next trigger state; called for every state event."},
    {.section = Section::trigger_calls,
     .key = "trigger/trigger-fire?",
     .type = ValueType::any,
     .type_text = "function",
     .need = Need::required,
     .added = "0.9.0",
     .rule = "ADD-09",
     .doc = "(trigger, next-state-or-nil, state-event) -> truthy to fire for this extent."},
};

}  // namespace

std::span<const ModelKey> trigger_calls_keys() { return kTriggerCallsKeys; }

}  // namespace onyx::model::keys
