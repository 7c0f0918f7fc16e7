// Functions made while others run.
#pragma once

#include <utility>

#include "common/lang/closure.h"
#include "common/lang/nodes/operand.h"

namespace onyx::lang {

// (fn …) with captures; without any it is a constant.
class FunctionNode final : public Node {
 public:
  FunctionNode(const Code* code, std::vector<NodePtr> captures)
      : code_(code), captures_(std::move(captures)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { captures_.mark(live); }

 private:
  const Code* code_;
  Arguments captures_;
};

// letfn: functions that share their captures, each in its slot.
class SiblingsNode final : public Node {
 public:
  struct Sibling {
    std::uint32_t slot;
    const Code* code;
  };
  SiblingsNode(std::vector<Sibling> siblings, std::vector<NodePtr> captures, NodePtr body)
      : siblings_(std::move(siblings)), captures_(std::move(captures)), body_(std::move(body)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override {
    body_->mark(live);
    captures_.mark(live);
  }

 private:
  std::vector<Sibling> siblings_;
  Arguments captures_;
  NodePtr body_;
};

// (lazy-seq body): `thunk` gives a function without parameters.
class LazyNode final : public Node {
 public:
  explicit LazyNode(NodePtr thunk) : thunk_(std::move(thunk)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { thunk_->mark(live); }

 private:
  NodePtr thunk_;
};

// One binding of (for …): `step` is called with each element. Its result is an element of the innermost binding, else
// a sequence of them; or one of the two signals.
class ForNode final : public Node {
 public:
  ForNode(NodePtr collection, NodePtr step, bool is_innermost, PositionPtr position)
      : parts_(pair(std::move(collection), std::move(step))),
        is_innermost_(is_innermost),
        position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { parts_.mark(live); }

  static const Value& skip();  // :when was false
  static const Value& stop();  // :while was false

 private:
  static std::vector<NodePtr> pair(NodePtr a, NodePtr b) {
    std::vector<NodePtr> nodes;
    nodes.push_back(std::move(a));
    nodes.push_back(std::move(b));
    return nodes;
  }

  Arguments parts_;
  bool is_innermost_;
  PositionPtr position_;
};

}  // namespace onyx::lang
