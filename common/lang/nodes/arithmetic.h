// Arithmetic and comparison of two operands, integers and doubles in line, everything else in number.h.
#pragma once

#include <utility>

#include "common/lang/equality.h"
#include "common/lang/nodes/call.h"
#include "common/lang/nodes/operand.h"
#include "common/lang/number.h"
#include "common/lang/sequence.h"

namespace onyx::lang {

struct Add {
  static bool integers(std::int64_t a, std::int64_t b, std::int64_t& out) {
    return !__builtin_add_overflow(a, b, &out);
  }
  static double reals(double a, double b) { return a + b; }
  static Value any(const Value& a, const Value& b) { return add(a, b); }
};
struct Subtract {
  static bool integers(std::int64_t a, std::int64_t b, std::int64_t& out) {
    return !__builtin_sub_overflow(a, b, &out);
  }
  static double reals(double a, double b) { return a - b; }
  static Value any(const Value& a, const Value& b) { return subtract(a, b); }
};
struct Multiply {
  static bool integers(std::int64_t a, std::int64_t b, std::int64_t& out) {
    return !__builtin_mul_overflow(a, b, &out);
  }
  static double reals(double a, double b) { return a * b; }
  static Value any(const Value& a, const Value& b) { return multiply(a, b); }
};

template <class Op>
class ArithmeticNode final : public Node {
 public:
  ArithmeticNode(NodePtr a, NodePtr b, PositionPtr position)
      : operands_(std::move(a), std::move(b)), position_(std::move(position)) {}

  Value eval(Frame& frame) const override {
    return operands_.read(frame, [&](const Value& a, const Value& b) {
      if (a.is_integer() && b.is_integer()) [[likely]] {
        std::int64_t result;
        if (Op::integers(a.as_integer(), b.as_integer(), result)) [[likely]] {
          return Value::integer(result);
        }
      } else if (a.is_real() && b.is_real()) {
        return Value::real(Op::reals(a.as_real(), b.as_real()));
      }
      return slow(frame, a, b);
    });
  }
  void mark(Liveness& live) override { operands_.mark(live); }

 private:
  [[gnu::noinline]] Value slow(Frame& frame, const Value& a, const Value& b) const {
    return with_note(frame, position_, [&] { return Op::any(a, b); });
  }

  OperandPair operands_;
  PositionPtr position_;
};

// (inc x), (dec x), and (+ x c) with a small constant.
class StepNode final : public Node {
 public:
  StepNode(NodePtr operand, std::int64_t delta, PositionPtr position)
      : operand_(std::move(operand)), delta_(delta), position_(std::move(position)) {}
  Value eval(Frame& frame) const override {
    Value scratch;
    const Value& value = operand_.read(frame, scratch);
    std::int64_t sum;
    if (value.is_integer() && !__builtin_add_overflow(value.as_integer(), delta_, &sum))
        [[likely]] {
      return Value::integer(sum);
    }
    return slow(frame, value);
  }
  void mark(Liveness& live) override { operand_.mark(live); }

 private:
  [[gnu::noinline]] Value slow(Frame& frame, const Value& value) const {
    return with_note(frame, position_,
                     [&] { return delta_ == 1 ? increment(value) : decrement(value); });
  }

  Operand operand_;
  std::int64_t delta_;  // 1 or -1
  PositionPtr position_;
};

struct Less {
  static constexpr std::string_view kName = "<";
  template <class T>
  static bool holds(T a, T b) {
    return a < b;
  }
  static bool holds_order(int order) { return order == -1; }
};
struct Greater {
  static constexpr std::string_view kName = ">";
  template <class T>
  static bool holds(T a, T b) {
    return a > b;
  }
  static bool holds_order(int order) { return order == 1; }
};
struct LessOrEqual {
  static constexpr std::string_view kName = "<=";
  template <class T>
  static bool holds(T a, T b) {
    return a <= b;
  }
  static bool holds_order(int order) { return order == -1 || order == 0; }
};
struct GreaterOrEqual {
  static constexpr std::string_view kName = ">=";
  template <class T>
  static bool holds(T a, T b) {
    return a >= b;
  }
  static bool holds_order(int order) { return order == 0 || order == 1; }
};

template <class Op>
class CompareNode final : public Node {
 public:
  CompareNode(NodePtr a, NodePtr b, PositionPtr position)
      : operands_(std::move(a), std::move(b)), position_(std::move(position)) {}
  Value eval(Frame& frame) const override { return Value::boolean(test(frame)); }
  bool test(Frame& frame) const override {
    return operands_.read(frame, [&](const Value& a, const Value& b) {
      if (a.is_integer() && b.is_integer()) [[likely]] {
        return Op::holds(a.as_integer(), b.as_integer());
      }
      if (a.is_real() && b.is_real()) return Op::holds(a.as_real(), b.as_real());
      return slow(frame, a, b);
    });
  }
  void mark(Liveness& live) override { operands_.mark(live); }

 private:
  [[gnu::noinline]] bool slow(Frame& frame, const Value& a, const Value& b) const {
    return with_note(
               frame, position_,
               [&] { return Value::boolean(Op::holds_order(compare_numbers(a, b, Op::kName))); })
        .as_boolean();
  }

  OperandPair operands_;
  PositionPtr position_;
};

class EqualNode final : public Node {
 public:
  // `expected`: true for =, false for not=.
  EqualNode(NodePtr a, NodePtr b, bool expected, PositionPtr position)
      : operands_(std::move(a), std::move(b)),
        expected_(expected),
        position_(std::move(position)) {}
  Value eval(Frame& frame) const override { return Value::boolean(test(frame)); }
  bool test(Frame& frame) const override {
    return operands_.read(frame, [&](const Value& a, const Value& b) {
      if (is_plain(a) && is_plain(b)) [[likely]]
        return (a == b) == expected_;
      return slow(frame, a, b) == expected_;
    });
  }
  void mark(Liveness& live) override { operands_.mark(live); }

 private:
  [[gnu::noinline]] bool slow(Frame& frame, const Value& a, const Value& b) const {
    return with_note(frame, position_, [&] { return Value::boolean(equal(frame.call, a, b)); })
        .as_boolean();
  }

  OperandPair operands_;
  bool expected_;
  PositionPtr position_;
};

// nil? and some?
class IsNilNode final : public Node {
 public:
  IsNilNode(NodePtr operand, bool expected) : operand_(std::move(operand)), expected_(expected) {}
  Value eval(Frame& frame) const override { return Value::boolean(test(frame)); }
  bool test(Frame& frame) const override {
    Value scratch;
    return operand_.read(frame, scratch).is_nil() == expected_;
  }
  void mark(Liveness& live) override { operand_.mark(live); }

 private:
  Operand operand_;
  bool expected_;
};

}  // namespace onyx::lang
