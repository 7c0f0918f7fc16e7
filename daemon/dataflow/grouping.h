// The group of a segment, as a grouped task wants it.
//
// Shape:   GroupBy is what the catalog entry says, compiled once; a Grouper is one sender's use of it, with the places where
//          the keys were last seen.
// Thread:  a GroupBy is immutable; a Grouper belongs to one thread.
// Source:  spec of the task lifecycle, 9.2; docs/formats/key_groups.md.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/edn/value.h"
#include "common/model/job.h"
#include "daemon/dataflow/function_table.h"
#include "daemon/dataflow/key_groups.h"
#include "daemon/dataflow/key_lookup.h"

namespace onyx::dataflow {

struct GroupBy {
  enum class Kind : std::uint8_t { nothing, key, keys, function };
  Kind kind = Kind::nothing;
  std::vector<edn::Value> keys;  // key: one; keys: as listed
  FunctionIndex function = 0;

  bool is_grouped() const { return kind != Kind::nothing; }
};

// A grouping function joins `functions`.
GroupBy compile_grouping(const model::CatalogEntry& entry, FunctionTable& functions);

class Grouper {
 public:
  explicit Grouper(const GroupBy& group_by);

  const GroupBy& group_by() const { return *group_by_; }

  // Only for key and keys.
  edn::Value group_of(const edn::Value& segment);
  SlotId slot_of(const edn::Value& segment, SlotId slots);

 private:
  edn::Value sub_map(const edn::Value& segment);

  const GroupBy* group_by_;  // outlives this
  std::vector<KeyLookup> lookups_;
};

}  // namespace onyx::dataflow
