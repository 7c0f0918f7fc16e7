#include "common/lang/nodes/call.h"

namespace onyx::lang {

void note(Thrown& thrown, const Frame& frame, const PositionPtr& position) {
  constexpr std::size_t kTraceMax = 32;
  if (thrown.trace.size() == kTraceMax) return;
  thrown.trace.push_back({frame.code->name, *position->file, position->span, position->form});
}

Value NativeCallNode::eval(Frame& frame) const {
  Slots args(frame.call, args_.size());
  args_.eval(frame, args.data());
  return with_note(frame, position_, [&] {
    frame.call.step();
    Value result = native_.fn(frame.call, args.span());
    frame.call.check_bytes();
    frame.call.check_nesting(result);
    return result;
  });
}

Value KnownCallNode::eval(Frame& frame) const {
  Slots slots(frame.call, arity_->slots);
  args_.eval(frame, slots.data());
  return with_note(frame, position_,
                   [&] { return run(frame.call, *code_, *arity_, slots.data(), nullptr); });
}

Value DynamicCallNode::eval(Frame& frame) const {
  const Value callee = callee_->eval(frame);
  Slots args(frame.call, args_.size());
  args_.eval(frame, args.data());
  return with_note(frame, position_, [&] {
    frame.call.step();
    return invoke(frame.call, callee, args.span());
  });
}

}  // namespace onyx::lang
