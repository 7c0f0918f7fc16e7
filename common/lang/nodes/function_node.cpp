#include "common/lang/nodes/function_node.h"

#include <iterator>
#include <optional>

#include "common/lang/nodes/call.h"
#include "common/lang/sequence.h"

namespace onyx::lang {

namespace {

std::vector<Value> gather(Frame& frame, const Arguments& captures) {
  std::vector<Value> values(captures.size());
  captures.eval(frame, values.data());
  return values;
}

class Signal final : public edn::Extension {
 public:
  explicit Signal(std::string_view name) : name_(name) {}
  std::string_view type_name() const override { return name_; }
  void print(std::string& out) const override { out += name_; }

 private:
  std::string_view name_;
};

class ForProducer final : public Producer {
 public:
  ForProducer(Value collection, Value step, bool is_innermost)
      : step_(std::move(step)), is_innermost_(is_innermost), outer_(collection, "for") {
    holds(collection);
    holds(step_);
  }

  bool next(Call& call, Value& out) override {
    for (;;) {
      if (inner_) {
        if (inner_->next(call, out)) return true;
        inner_.reset();
      }
      Value element;
      if (!outer_.next(call, element)) return false;
      Value made = invoke(call, step_, std::span<Value>(&element, 1));
      if (made.is(edn::Kind::extension)) {
        if (made.object() == ForNode::skip().object()) continue;
        if (made.object() == ForNode::stop().object()) return false;
      }
      if (is_innermost_) {
        out = std::move(made);
        return true;
      }
      inner_.emplace(std::move(made), "for");
    }
  }

 private:
  Value step_;
  bool is_innermost_;
  SeqCursor outer_;
  std::optional<SeqCursor> inner_;
};

}  // namespace

Value FunctionNode::eval(Frame& frame) const {
  Value made = Value::extension(new Closure(code_, gather(frame, captures_)));
  frame.call.check_nesting(made);
  return made;
}

Value SiblingsNode::eval(Frame& frame) const {
  const std::vector<Value> captures = gather(frame, captures_);
  for (const Sibling& sibling : siblings_) {
    frame.slots[sibling.slot] = Value::extension(new Closure(sibling.code, captures));
    frame.call.check_nesting(frame.slots[sibling.slot]);
  }
  return body_->eval(frame);
}

Value LazyNode::eval(Frame& frame) const {
  Value made = Sequence::lazy(thunk_->eval(frame));
  frame.call.check_nesting(made);
  return made;
}

const Value& ForNode::skip() {
  static const Value value = Value::extension(new Signal("skip"));
  return value;
}

const Value& ForNode::stop() {
  static const Value value = Value::extension(new Signal("stop"));
  return value;
}

Value ForNode::eval(Frame& frame) const {
  Slots parts(frame.call, 2);
  parts_.eval(frame, parts.data());
  return with_note(frame, position_, [&] {
    Value made = Sequence::make(
        std::make_unique<ForProducer>(std::move(parts[0]), std::move(parts[1]), is_innermost_));
    frame.call.check_nesting(made);
    return made;
  });
}

}  // namespace onyx::lang
