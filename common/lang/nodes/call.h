// Calls: of native functions and of the program's own, known at compile time, and of whatever a value turns out to be.
#pragma once

#include <utility>

#include "common/lang/closure.h"
#include "common/lang/exception.h"
#include "common/lang/nodes/operand.h"

namespace onyx::lang {

// Adds this place to the trace of what is thrown.
void note(Thrown& thrown, const Frame& frame, const PositionPtr& position);

template <class Body>
Value with_note(Frame& frame, const PositionPtr& position, Body&& body) {
  try {
    return body();
  } catch (Thrown& thrown) {
    note(thrown, frame, position);
    throw;
  }
}

class NativeCallNode final : public Node {
 public:
  NativeCallNode(const Native& native, std::vector<NodePtr> args, PositionPtr position)
      : native_(native), args_(std::move(args)), position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { args_.mark(live); }

 private:
  const Native& native_;
  Arguments args_;
  PositionPtr position_;
};

// Of a function defined at the top, which has no captures.
class KnownCallNode final : public Node {
 public:
  KnownCallNode(const Code* code, const Arity* arity, std::vector<NodePtr> args,
                PositionPtr position)
      : code_(code), arity_(arity), args_(std::move(args)), position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { args_.mark(live); }

 private:
  const Code* code_;
  const Arity* arity_;  // without a rest parameter
  Arguments args_;
  PositionPtr position_;
};

class DynamicCallNode final : public Node {
 public:
  DynamicCallNode(NodePtr callee, std::vector<NodePtr> args, PositionPtr position)
      : callee_(std::move(callee)), args_(std::move(args)), position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override {
    args_.mark(live);
    callee_->mark(live);
  }

 private:
  NodePtr callee_;
  Arguments args_;
  PositionPtr position_;
};

}  // namespace onyx::lang
