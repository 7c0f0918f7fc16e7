// Names and constants: what a symbol in the text becomes.
#pragma once

#include <utility>

#include "common/lang/closure.h"
#include "common/lang/node.h"

namespace onyx::lang {

class ConstantNode final : public Node {
 public:
  explicit ConstantNode(Value value) : value_(std::move(value)) {}
  Value eval(Frame&) const override { return value_; }
  void mark(Liveness&) override {}
  bool can_lend() const override { return true; }
  const Value* lend(Frame&) const override { return &value_; }
  const Value* constant() const override { return &value_; }

 private:
  Value value_;
};

class LocalNode final : public Node {
 public:
  explicit LocalNode(std::uint32_t slot) : slot_(slot) {}
  Value eval(Frame& frame) const override {
    return is_last_use_ ? std::move(frame.slots[slot_]) : frame.slots[slot_];
  }
  bool test(Frame& frame) const override { return frame.slots[slot_].is_truthy(); }
  void mark(Liveness& live) override { is_last_use_ = live.use(slot_); }
  bool can_lend() const override { return true; }
  const Value* lend(Frame& frame) const override { return &frame.slots[slot_]; }
  bool takes_last(std::uint32_t slot) const override { return slot == slot_ && is_last_use_; }
  int local_slot() const override { return static_cast<int>(slot_); }

 private:
  std::uint32_t slot_;
  bool is_last_use_ = false;
};

// A local of a function further out, captured when this function was made.
class CaptureNode final : public Node {
 public:
  explicit CaptureNode(std::uint32_t index) : index_(index) {}
  Value eval(Frame& frame) const override { return frame.closure->capture(index_); }
  void mark(Liveness&) override {}
  bool can_lend() const override { return true; }
  const Value* lend(Frame& frame) const override { return &frame.closure->capture(index_); }

 private:
  std::uint32_t index_;
};

// The function itself, under the name that (fn name …) gives it.
class SelfNode final : public Node {
 public:
  Value eval(Frame& frame) const override { return frame.closure->self(); }
  void mark(Liveness&) override {}
};

// Another function of the same letfn. It has the same captures, so it is made anew; a reference would be a cycle.
class SiblingNode final : public Node {
 public:
  explicit SiblingNode(const Code* code) : code_(code) {}
  Value eval(Frame& frame) const override {
    return Value::extension(new Closure(code_, frame.closure->captures()));
  }
  void mark(Liveness&) override {}

 private:
  const Code* code_;
};

// What a definition of the program is.
class GlobalNode final : public Node {
 public:
  explicit GlobalNode(std::uint32_t index) : index_(index) {}
  Value eval(Frame& frame) const override { return frame.call.bindings.globals[index_]; }
  void mark(Liveness&) override {}
  bool can_lend() const override { return true; }
  const Value* lend(Frame& frame) const override { return &frame.call.bindings.globals[index_]; }
  std::uint32_t index() const { return index_; }

 private:
  std::uint32_t index_;
};

}  // namespace onyx::lang
