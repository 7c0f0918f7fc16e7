#include "common/lang/nodes/try_node.h"

#include <optional>

namespace onyx::lang {

// Handlers run after the C++ catch block has been left: an evaluation may be paused in them and go on on another thread,
// and the C++ runtime keeps its list of caught exceptions per thread.
Value TryNode::guarded(Frame& frame) const {
  Thrown caught;
  try {
    return body_->eval(frame);
  } catch (Thrown& thrown) {
    caught = std::move(thrown);
  }
  const ExceptionInfo* exception = as_exception(caught.exception);
  for (const Catch& handler : catches_) {
    if (handler.only_exception_info && exception->error_class() != ErrorClass::exception_info)
      continue;
    frame.slots[handler.slot] = exception->trace().empty()
                                    ? exception->with_trace(caught.trace, exception->data())
                                    : caught.exception;
    return handler.body->eval(frame);
  }
  throw caught;
}

Value TryNode::eval(Frame& frame) const {
  if (finally_ == nullptr) return guarded(frame);
  std::optional<Thrown> pending;
  Value result;
  try {
    result = guarded(frame);
  } catch (Thrown& thrown) {
    pending = std::move(thrown);
  }
  finally_->eval(frame);
  if (pending) throw std::move(*pending);
  return result;
}

void TryNode::mark(Liveness& live) {
  if (finally_ != nullptr) finally_->mark(live);
  Liveness all = live;
  for (const Catch& handler : catches_) {
    Liveness handled = live;
    handler.body->mark(handled);
    all.merge(handled);
  }
  live = all;
  body_->mark(live);
}

Value ThrowNode::eval(Frame& frame) const {
  Value exception = exception_->eval(frame);
  return with_note(frame, position_, [&]() -> Value {
    if (as_exception(exception) == nullptr) {
      raise_wrong_type("throw", "an exception, as ex-info makes them", exception);
    }
    throw Thrown{exception};
  });
}

}  // namespace onyx::lang
