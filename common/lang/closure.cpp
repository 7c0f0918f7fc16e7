#include "common/lang/closure.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace onyx::lang {

std::string Code::accepted() const {
  std::vector<std::string> counts;
  for (const auto& arity : arities) {
    counts.push_back(arity->has_rest ? fmt::format("at least {}", arity->parameters)
                                     : fmt::format("{}", arity->parameters));
  }
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i > 0) text += i + 1 == counts.size() ? " or " : ", ";
    text += counts[i];
  }
  return text;
}

Closure::Closure(const Code* code, std::vector<Value> captures)
    : code_(code), captures_(std::move(captures)) {
  for (const Value& value : captures_) holds(value);
}

Value Closure::self() const {
  auto* object = const_cast<Closure*>(this);
  object->references.fetch_add(1, std::memory_order_relaxed);
  return Value::extension(object);
}

Value Closure::call(Call& call, std::span<Value> args) const {
  const Arity* arity = code_->find(args.size());
  if (arity == nullptr) [[unlikely]]
    raise_arity(code_->name, args.size(), code_->accepted());
  Slots slots(call, arity->slots);
  const std::size_t fixed = arity->parameters;
  for (std::size_t i = 0; i < fixed; ++i) slots[i] = std::move(args[i]);
  if (arity->has_rest && args.size() > fixed) {
    slots[fixed] = Value::list(std::vector<Value>(std::make_move_iterator(args.begin() + fixed),
                                                  std::make_move_iterator(args.end())));
  }
  return run(call, *code_, *arity, slots.data(), this);
}

namespace {
struct Depth {
  Call& call;
  Depth(Call& c, std::size_t stack_bytes) : call(c) { c.enter(stack_bytes); }
  ~Depth() { call.leave(); }
};
}  // namespace

Value run(Call& call, const Code& code, const Arity& arity, Value* slots, const Closure* closure) {
  const Depth depth(call, arity.stack_bytes);
  Frame frame{slots, call, &code, closure};
  return arity.body->eval(frame);
}

}  // namespace onyx::lang
