// Maps under keys known at compile time: look-up, assoc and update through an inline cache of the shape.
#pragma once

#include <utility>

#include "common/edn/shape.h"
#include "common/lang/nodes/call.h"
#include "common/lang/nodes/operand.h"
#include "common/lang/number.h"

namespace onyx::lang {

// A constant keyword and where it was last found.
class CachedKey {
 public:
  CachedKey(Value key, std::uint32_t cache) : key_(std::move(key)), cache_(cache) {}

  const Value& key() const { return key_; }

  // The slot in a record of this shape, or -1.
  int slot(Frame& frame, const edn::Shape* shape) const {
    InlineCache& cache = frame.call.bindings.caches[cache_];
    if (cache.shape != shape) [[unlikely]]
      refill(cache, shape);
    return cache.slot;
  }
  // The value in a map, or nullptr; nullptr too for what is no map.
  const Value* find(Frame& frame, const Value& map) const;

 private:
  void refill(InlineCache& cache, const edn::Shape* shape) const;

  Value key_;
  std::uint32_t cache_;
};

// The record behind a map, or nullptr.
inline edn::Record* record_of(const Value& value) {
  if (!value.is_map()) return nullptr;
  auto* object = const_cast<edn::Object*>(value.object());
  return object->form == 0 ? static_cast<edn::Record*>(object) : nullptr;
}

// (:key map), (get map :key), with or without a default.
class GetKeyNode final : public Node {
 public:
  // `is_pattern`: part of a destructuring pattern, which takes a sequence of keys and values as a map.
  GetKeyNode(Value key, std::uint32_t cache, NodePtr map, NodePtr otherwise,
             bool is_pattern = false);
  Value eval(Frame& frame) const override;
  bool test(Frame& frame) const override;
  void mark(Liveness& live) override;
  bool can_lend() const override { return map_.lends() && otherwise_ == nullptr && !is_pattern_; }
  const Value* lend(Frame& frame) const override;

 private:
  CachedKey key_;
  Operand map_;
  NodePtr otherwise_;
  bool is_pattern_;
};

// (assoc map :k1 v1 :k2 v2 …)
class AssocNode final : public Node {
 public:
  AssocNode(NodePtr map, std::vector<CachedKey> keys, std::vector<NodePtr> values,
            PositionPtr position);
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override;
  bool takes_last(std::uint32_t slot) const override {
    return map_->local_slot() >= 0 && map_->takes_last(slot);
  }

 private:
  // A local that gets a lazy sequence stays in its slot, as that may fail when it is realised.
  Value take(Frame& frame, bool is_plain) const {
    return is_plain ? map_->eval(frame) : *map_->lend(frame);
  }

  NodePtr map_;
  std::vector<CachedKey> keys_;
  Arguments values_;
  PositionPtr position_;
};

// (update map :key + delta), which inc and dec are too.
class UpdateByNode final : public Node {
 public:
  // `function` is the one that the text has, for the case that the value is no integer.
  UpdateByNode(NodePtr map, CachedKey key, std::int64_t delta, Value function,
               std::vector<Value> extra, PositionPtr position)
      : map_(std::move(map)),
        key_(std::move(key)),
        delta_(delta),
        function_(std::move(function)),
        extra_(std::move(extra)),
        position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override {
    map_->mark(live);
    const int local = map_->local_slot();
    taken_ = local >= 0 && map_->takes_last(static_cast<std::uint32_t>(local)) ? local : -1;
  }
  bool takes_last(std::uint32_t slot) const override { return static_cast<int>(slot) == taken_; }

 private:
  bool add_in_place(Frame& frame, Value& map) const;
  Value update_other(Frame& frame, Value map) const;

  NodePtr map_;
  int taken_ = -1;  // the slot that the map is moved out of
  CachedKey key_;
  std::int64_t delta_;
  Value function_;
  std::vector<Value> extra_;
  PositionPtr position_;
};

// (update map :key f args …)
class UpdateNode final : public Node {
 public:
  // `args`: f and what follows.
  UpdateNode(NodePtr map, CachedKey key, std::vector<NodePtr> args, PositionPtr position)
      : map_(std::move(map)),
        key_(std::move(key)),
        args_(std::move(args)),
        position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override {
    map_->mark(live);
    args_.mark(live);
  }

 private:
  NodePtr map_;
  CachedKey key_;
  Arguments args_;
  PositionPtr position_;
};

}  // namespace onyx::lang
