#include "common/lang/nodes/literal.h"

#include <fmt/format.h>

#include <iterator>

#include "common/lang/equality.h"
#include "common/lang/exception.h"
#include "common/lang/nodes/call.h"

namespace onyx::lang {

namespace {

std::vector<Value> moved(Slots& slots, std::size_t count) {
  return {std::make_move_iterator(slots.data()), std::make_move_iterator(slots.data() + count)};
}

[[noreturn]] void raise_duplicate(const Value& key) {
  raise(ErrorClass::illegal_argument, fmt::format("Duplicate key: {}", describe(key)));
}

}  // namespace

Value VectorNode::eval(Frame& frame) const {
  Slots slots(frame.call, items_.size());
  items_.eval(frame, slots.data());
  Value result = Value::vector(moved(slots, items_.size()));
  frame.call.check_nesting(result);
  return result;
}

Value SetNode::eval(Frame& frame) const {
  Slots slots(frame.call, items_.size());
  items_.eval(frame, slots.data());
  return with_note(frame, position_, [&] {
    Value result = Value::set();
    for (Value& item : slots.span()) {
      Value key = as_key(frame.call, std::move(item));
      if (result.find(key) != nullptr) raise_duplicate(key);
      result = std::move(result).conj(std::move(key));
    }
    frame.call.check_nesting(result);
    return result;
  });
}

Value RecordNode::eval(Frame& frame) const {
  Slots slots(frame.call, values_.size());
  values_.eval(frame, slots.data());
  Value result = Value::record(shape_, slots.span());
  frame.call.check_nesting(result);
  return result;
}

Value MapNode::eval(Frame& frame) const {
  Slots slots(frame.call, parts_.size());
  parts_.eval(frame, slots.data());
  return with_note(frame, position_, [&] {
    Value result = Value::map();
    for (std::size_t i = 0; i < parts_.size(); i += 2) {
      Value key = as_key(frame.call, std::move(slots[i]));
      if (result.find(key) != nullptr) raise_duplicate(key);
      result = std::move(result).assoc(std::move(key), std::move(slots[i + 1]));
    }
    frame.call.check_nesting(result);
    return result;
  });
}

}  // namespace onyx::lang
