// Taking sequences apart for [a b & more] and & {:keys [a]}.
#pragma once

#include <utility>

#include "common/lang/nodes/call.h"

namespace onyx::lang {

// The element at `index` of a slot's value, nil past its end; what nth with a default of nil does.
class NthNode final : public Node {
 public:
  NthNode(NodePtr collection, std::size_t index, PositionPtr position)
      : collection_(std::move(collection)), index_(index), position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { collection_.mark(live); }

 private:
  Value any(Frame& frame, const Value& collection) const;

  Operand collection_;
  std::size_t index_;
  PositionPtr position_;
};

// What follows the first `count` elements, nil when nothing does.
class FollowingNode final : public Node {
 public:
  FollowingNode(NodePtr collection, std::size_t count, PositionPtr position)
      : collection_(std::move(collection)), count_(count), position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { collection_->mark(live); }

 private:
  NodePtr collection_;
  std::size_t count_;
  PositionPtr position_;
};

// The map of a sequence of keys and values, or of one map.
Value keyword_arguments(Call& call, Value sequence);

// A map of a sequence of keys and values; a map stays what it is.
class KeywordArgumentsNode final : public Node {
 public:
  KeywordArgumentsNode(NodePtr source, PositionPtr position)
      : source_(std::move(source)), position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { source_->mark(live); }

 private:
  NodePtr source_;
  PositionPtr position_;
};

}  // namespace onyx::lang
