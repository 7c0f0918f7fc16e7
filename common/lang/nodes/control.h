// Control flow: choices, sequences of forms, bindings, loops.
#pragma once

#include <unordered_map>
#include <utility>

#include "common/lang/node.h"
#include "common/lang/nodes/operand.h"

namespace onyx::lang {

// if, when, cond: the first choice whose test holds.
class ChoiceNode final : public Node {
 public:
  struct Choice {
    NodePtr test;
    NodePtr result;
  };
  ChoiceNode(std::vector<Choice> choices, NodePtr otherwise)
      : choices_(std::move(choices)), otherwise_(std::move(otherwise)) {}
  Value eval(Frame& frame) const override;
  bool test(Frame& frame) const override;
  void mark(Liveness& live) override;
  bool takes_last(std::uint32_t slot) const override;

 private:
  std::vector<Choice> choices_;
  NodePtr otherwise_;
};

// and, or: the first value that decides, else the last.
class DecideNode final : public Node {
 public:
  // `deciding`: the truth that ends it; true for `or`.
  DecideNode(std::vector<NodePtr> parts, bool deciding)
      : parts_(std::move(parts)), deciding_(deciding) {}
  Value eval(Frame& frame) const override;
  bool test(Frame& frame) const override;
  void mark(Liveness& live) override;

 private:
  std::vector<NodePtr> parts_;  // at least two
  bool deciding_;
};

class NotNode final : public Node {
 public:
  explicit NotNode(NodePtr part) : part_(std::move(part)) {}
  Value eval(Frame& frame) const override { return Value::boolean(!part_->test(frame)); }
  bool test(Frame& frame) const override { return !part_->test(frame); }
  void mark(Liveness& live) override { part_->mark(live); }

 private:
  NodePtr part_;
};

class DoNode final : public Node {
 public:
  explicit DoNode(std::vector<NodePtr> parts) : parts_(std::move(parts)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override;
  bool takes_last(std::uint32_t slot) const override { return parts_.back()->takes_last(slot); }

 private:
  std::vector<NodePtr> parts_;  // at least one
};

class LetNode final : public Node {
 public:
  struct Binding {
    std::uint32_t slot;
    NodePtr init;
  };
  LetNode(std::vector<Binding> bindings, NodePtr body)
      : bindings_(std::move(bindings)), body_(std::move(body)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override;
  bool takes_last(std::uint32_t slot) const override { return body_->takes_last(slot); }

 private:
  std::vector<Binding> bindings_;
  NodePtr body_;
};

// The body of a loop, or of a function that recurs; turns for as long as it ends in recur.
class LoopNode final : public Node {
 public:
  // `outer`: the slots bound outside that the body uses, which must outlive each turn.
  LoopNode(NodePtr body, std::vector<std::uint32_t> outer)
      : body_(std::move(body)), outer_(std::move(outer)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override;

 private:
  NodePtr body_;
  std::vector<std::uint32_t> outer_;
};

class RecurNode final : public Node {
 public:
  RecurNode(std::vector<std::uint32_t> slots, std::vector<NodePtr> values)
      : slots_(std::move(slots)), values_(std::move(values)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { values_.mark(live); }

 private:
  std::vector<std::uint32_t> slots_;
  Arguments values_;
};

class CaseNode final : public Node {
 public:
  using Table = std::unordered_map<Value, std::uint32_t, edn::ValueHash>;
  CaseNode(NodePtr subject, Table table, std::vector<NodePtr> results, NodePtr otherwise,
           PositionPtr position);
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override;

 private:
  const Node* choose(Frame& frame) const;

  Operand subject_;
  Table table_;
  std::vector<std::pair<Value, std::uint32_t>>
      few_;  // the same, when comparing is cheaper than hashing
  std::vector<NodePtr> results_;
  NodePtr otherwise_;  // may be null: no clause is an error
  PositionPtr position_;
};

}  // namespace onyx::lang
