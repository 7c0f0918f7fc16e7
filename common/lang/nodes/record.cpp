#include "common/lang/nodes/record.h"

#include <algorithm>

#include "common/lang/nodes/destructure_node.h"
#include "common/lang/sequence.h"
#include "common/lang/sorted.h"

namespace onyx::lang {

namespace {

const Value kNil;

// `map` with the value under the key; in place when nobody else holds the map. The value's nesting has been checked.
Value put(Frame& frame, const CachedKey& key, Value map, Value value) {
  if (edn::Record* record = record_of(map); record != nullptr && map.is_unique()) {
    if (const int slot = key.slot(frame, record->shape); slot >= 0) {
      if (const std::uint16_t depth = value.depth(); depth >= record->depth) [[unlikely]] {
        record->depth = static_cast<std::uint16_t>(depth + 1);
      }
      record->values()[slot] = std::move(value);
      return map;
    }
  }
  const Sorted* sorted = as_sorted(map);
  return sorted != nullptr ? sorted->with(frame.call, key.key(), std::move(value))
                           : std::move(map).assoc(key.key(), std::move(value));
}

// Before a value goes into a map, and so before a local is moved out of its slot.
void check_nesting(Frame& frame, const Value& value) {
  if (value.depth() > 0) frame.call.check_nesting_around(value);
}

void require_map(std::string_view function, Value& map) {
  if (map.is_map()) [[likely]]
    return;
  if (is_any_map(map)) return;
  if (!map.is_nil()) raise_wrong_type(function, "a map", map);
  map = Value::map();
}

// What is under the key, moved out if the map belongs to us alone.
Value take_out(Frame& frame, const CachedKey& key, const Value& map) {
  if (edn::Record* record = record_of(map)) {
    const int slot = key.slot(frame, record->shape);
    if (slot < 0) return {};
    return map.is_unique() ? std::move(record->values()[slot]) : record->values()[slot];
  }
  const Value* found = key.find(frame, map);
  return found != nullptr ? *found : Value();
}

}  // namespace

void CachedKey::refill(InlineCache& cache, const edn::Shape* shape) const {
  cache.shape = shape;
  cache.slot = shape->find_keyword(key_.name());
}

const Value* CachedKey::find(Frame& frame, const Value& map) const {
  if (const edn::Record* record = record_of(map)) [[likely]] {
    const int at = slot(frame, record->shape);
    return at >= 0 ? &record->values()[at] : nullptr;
  }
  if (map.is_map() || map.is_set()) return map.find(key_);
  const Sorted* sorted = as_sorted(map);
  return sorted != nullptr ? sorted->find(frame.call, key_) : nullptr;
}

GetKeyNode::GetKeyNode(Value key, std::uint32_t cache, NodePtr map, NodePtr otherwise,
                       bool is_pattern)
    : key_(std::move(key), cache),
      map_(std::move(map)),
      otherwise_(std::move(otherwise)),
      is_pattern_(is_pattern) {}

Value GetKeyNode::eval(Frame& frame) const {
  Value scratch;
  const Value& map = map_.read(frame, scratch);
  if (const Value* found = key_.find(frame, map)) return *found;
  if (is_pattern_ && (map.is_list() || as_sequence(map) != nullptr)) {
    const Value arguments = keyword_arguments(frame.call, map);
    if (const Value* found = arguments.find(key_.key())) return *found;
  }
  return otherwise_ != nullptr ? otherwise_->eval(frame) : Value();
}

bool GetKeyNode::test(Frame& frame) const {
  Value scratch;
  if (const Value* found = key_.find(frame, map_.read(frame, scratch))) return found->is_truthy();
  return otherwise_ != nullptr && otherwise_->test(frame);
}

const Value* GetKeyNode::lend(Frame& frame) const {
  const Value* found = key_.find(frame, map_.lent(frame));
  return found != nullptr ? found : &kNil;
}

void GetKeyNode::mark(Liveness& live) {
  if (otherwise_ != nullptr) otherwise_->mark(live);
  map_.mark(live);
}

AssocNode::AssocNode(NodePtr map, std::vector<CachedKey> keys, std::vector<NodePtr> values,
                     PositionPtr position)
    : map_(std::move(map)),
      keys_(std::move(keys)),
      values_(std::move(values)),
      position_(std::move(position)) {}

Value AssocNode::eval(Frame& frame) const {
  // Reading a local has no effect, and read last it may be the only holder.
  Value map;
  const bool is_local = map_->local_slot() >= 0;
  if (!is_local) map = map_->eval(frame);
  if (keys_.size() == 1) {
    Value value = values_[0].eval(frame);
    check_nesting(frame, value);
    if (is_local) map = take(frame, is_plain(value));
    if (!map.is_map()) [[unlikely]] {
      return with_note(frame, position_, [&] {
        require_map("assoc", map);
        return put(frame, keys_[0], std::move(map), std::move(value));
      });
    }
    return put(frame, keys_[0], std::move(map), std::move(value));
  }
  Slots values(frame.call, keys_.size());
  values_.eval(frame, values.data());
  for (const Value& value : values.span()) check_nesting(frame, value);
  if (is_local) {
    const auto span = values.span();
    map = take(frame, std::all_of(span.begin(), span.end(), is_plain));
  }
  const auto put_all = [&] {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      map = put(frame, keys_[i], std::move(map), std::move(values[i]));
    }
    return std::move(map);
  };
  if (map.is_map()) [[likely]]
    return put_all();
  return with_note(frame, position_, [&] {
    require_map("assoc", map);
    return put_all();
  });
}

void AssocNode::mark(Liveness& live) {
  const bool is_local = map_->local_slot() >= 0;
  if (is_local) map_->mark(live);
  values_.mark(live);
  if (!is_local) map_->mark(live);
}

// For an integer in a record that nobody else holds.
bool UpdateByNode::add_in_place(Frame& frame, Value& map) const {
  edn::Record* record = record_of(map);
  if (record == nullptr || !map.is_unique()) return false;
  const int slot = key_.slot(frame, record->shape);
  if (slot < 0) return false;
  Value& value = record->values()[slot];
  std::int64_t sum;
  if (!value.is_integer() || __builtin_add_overflow(value.as_integer(), delta_, &sum)) return false;
  value = Value::integer(sum);
  return true;
}

Value UpdateByNode::eval(Frame& frame) const {
  if (taken_ >= 0) {
    Value& map = frame.slots[taken_];
    return add_in_place(frame, map) ? std::move(map) : update_other(frame, std::move(map));
  }
  Value map = map_->eval(frame);
  return add_in_place(frame, map) ? map : update_other(frame, std::move(map));
}

// The map goes back into its slot while the function may fail.
Value UpdateByNode::update_other(Frame& frame, Value map) const {
  const Value* found = key_.find(frame, map);
  std::int64_t sum;
  if (found != nullptr && found->is_integer() && map.is_map() &&
      !__builtin_add_overflow(found->as_integer(), delta_, &sum)) {
    return std::move(map).assoc(key_.key(), Value::integer(sum));
  }
  if (taken_ >= 0) frame.slots[taken_] = map;
  return with_note(frame, position_, [&] {
    require_map("update", map);
    std::vector<Value> args{found != nullptr ? *found : Value()};
    args.insert(args.end(), extra_.begin(), extra_.end());
    Value updated = invoke(frame.call, function_, args);
    check_nesting(frame, updated);
    if (taken_ >= 0) frame.slots[taken_] = Value();
    return put(frame, key_, std::move(map), std::move(updated));
  });
}

Value UpdateNode::eval(Frame& frame) const {
  Slots args(frame.call, args_.size() + 1);
  args_.eval(frame, args.data());
  Value map = map_->eval(frame);
  return with_note(frame, position_, [&] {
    frame.call.step();
    require_map("update", map);
    const Value function = std::move(args[0]);
    // f, a, b … becomes old, a, b …: the place of f is free now.
    args[0] = take_out(frame, key_, map);
    Value updated = invoke(frame.call, function, std::span<Value>(args.data(), args_.size()));
    check_nesting(frame, updated);
    return put(frame, key_, std::move(map), std::move(updated));
  });
}

}  // namespace onyx::lang
