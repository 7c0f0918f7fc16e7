#include "common/lang/core/reduction.h"

namespace onyx::lang::core {

Reduced::Reduced(Value value) : value_(std::move(value)) {
  depth = static_cast<std::uint16_t>(value_.depth() + 1);
}

void Reduced::print(std::string& out) const { out += "#<reduced>"; }

Value reduced(Value value) { return Value::extension(new Reduced(std::move(value))); }

Value reduce(Call& call, const Callee& f, Value init, SeqCursor cursor) {
  Value result = std::move(init);
  Value item;
  while (cursor.next(call, item)) {
    result = f(call, std::move(result), std::move(item));
    if (is_reduced(result)) return unreduced(std::move(result));
  }
  return result;
}

}  // namespace onyx::lang::core
