#include "daemon/dataflow/grouping.h"

#include <utility>

#include "common/base/check.h"

namespace onyx::dataflow {

GroupBy compile_grouping(const model::CatalogEntry& entry, FunctionTable& functions) {
  GroupBy group_by;
  if (entry.group_by_key.has_value()) {
    const edn::Value& key = *entry.group_by_key;
    if (key.is_vector()) {
      group_by.kind = GroupBy::Kind::keys;
      for (const edn::Value& one : key.items()) group_by.keys.push_back(one);
    } else {
      group_by.kind = GroupBy::Kind::key;
      group_by.keys.push_back(key);
    }
  } else if (entry.group_by_fn.is_given()) {
    group_by.kind = GroupBy::Kind::function;
    group_by.function = functions.add(entry.group_by_fn);
  }
  return group_by;
}

Grouper::Grouper(const GroupBy& group_by) : group_by_(&group_by) {
  for (const edn::Value& key : group_by.keys) lookups_.emplace_back(key);
}

edn::Value Grouper::group_of(const edn::Value& segment) {
  ONYX_CHECK(!lookups_.empty() || group_by_->kind == GroupBy::Kind::keys, "grouped by a function");
  if (group_by_->kind == GroupBy::Kind::keys) return sub_map(segment);
  const edn::Value* found = lookups_[0].find(segment);
  return found == nullptr ? edn::Value() : *found;
}

SlotId Grouper::slot_of(const edn::Value& segment, SlotId slots) {
  if (slots == 1) return 0;
  if (group_by_->kind == GroupBy::Kind::key) {
    const edn::Value* found = lookups_[0].find(segment);
    return dataflow::slot_of(found == nullptr ? edn::Value() : *found, slots);
  }
  return dataflow::slot_of(group_of(segment), slots);
}

edn::Value Grouper::sub_map(const edn::Value& segment) {
  std::vector<std::pair<edn::Value, edn::Value>> entries;
  entries.reserve(lookups_.size());
  for (KeyLookup& lookup : lookups_) {
    if (const edn::Value* found = lookup.find(segment); found != nullptr)
      entries.emplace_back(lookup.key(), *found);
  }
  return edn::Value::map(std::move(entries));
}

}  // namespace onyx::dataflow
