// A child of a node whose value is only looked at: lent where that is possible, evaluated otherwise.
//
// Order: what has to be evaluated comes first, what is lent last, so that nothing moves a lent value away meanwhile.
//        mark() of the holder must go the other way: first the lent operands, then the others.
#pragma once

#include <utility>

#include "common/lang/node.h"

namespace onyx::lang {

class Operand {
 public:
  explicit Operand(NodePtr node)
      : node_(std::move(node)), slot_(node_->local_slot()), lends_(node_->can_lend()) {}

  bool lends() const { return lends_; }
  const Value* constant() const { return node_->constant(); }

  // Either the lent value, or `scratch`, into which it was evaluated.
  const Value& read(Frame& frame, Value& scratch) const {
    if (slot_ >= 0) return frame.slots[slot_];
    if (lends_) return *node_->lend(frame);
    scratch = node_->eval(frame);
    return scratch;
  }
  const Value& lent(Frame& frame) const {
    return slot_ >= 0 ? frame.slots[slot_] : *node_->lend(frame);
  }
  Value eval(Frame& frame) const { return node_->eval(frame); }
  void mark(Liveness& live) const { node_->mark(live); }

 private:
  NodePtr node_;
  int slot_;
  bool lends_;
};

// Both operands of a pair, in an order in which neither disturbs the other.
class OperandPair {
 public:
  OperandPair(NodePtr a, NodePtr b) : a_(std::move(a)), b_(std::move(b)) {}

  template <class Use>
  decltype(auto) read(Frame& frame, Use&& use) const {
    Value x;
    Value y;
    if (a_.lends()) {
      const Value& right = b_.read(frame, y);
      return use(a_.lent(frame), right);
    }
    const Value& left = a_.read(frame, x);
    return use(left, b_.read(frame, y));
  }
  void mark(Liveness& live) const {
    if (a_.lends()) {
      a_.mark(live);
      b_.mark(live);
    } else {
      b_.mark(live);
      a_.mark(live);
    }
  }

 private:
  Operand a_;
  Operand b_;
};

// Operands that become arguments, evaluated into slots that are nil: first those that do something, then the locals.
class Arguments {
 public:
  explicit Arguments(std::vector<NodePtr> nodes);

  std::size_t size() const { return nodes_.size(); }
  void eval(Frame& frame, Value* out) const {
    for (const std::uint32_t i : order_) out[i] = nodes_[i]->eval(frame);
  }
  void mark(Liveness& live) const;
  const Node& operator[](std::size_t i) const { return *nodes_[i]; }

 private:
  std::vector<NodePtr> nodes_;
  std::vector<std::uint32_t> order_;
};

}  // namespace onyx::lang
