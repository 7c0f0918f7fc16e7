// Which peer of a grouped task a group belongs to. A format (docs/formats/key_groups.md): window state is filed by it.
//
// Shape:   a group is hashed into one of kKeyGroups key groups, for ever; the key groups are shared out among the slots in
//          runs of neighbours, so that a change of the number of slots moves whole key groups.
#pragma once

#include <cstdint>

#include "common/base/ids.h"
#include "common/edn/value.h"

namespace onyx::dataflow {

inline constexpr std::uint32_t kKeyGroups = 128;

inline std::uint32_t key_group_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash % kKeyGroups);
}

// 0 <= result < slots. Slots past kKeyGroups own nothing.
inline SlotId slot_of(std::uint32_t key_group, SlotId slots) {
  return static_cast<SlotId>(static_cast<std::uint64_t>(key_group) *
                             static_cast<std::uint64_t>(slots) / kKeyGroups);
}

inline SlotId slot_of(const edn::Value& group, SlotId slots) {
  return slot_of(key_group_of(edn::stable_hash(group)), slots);
}

}  // namespace onyx::dataflow
