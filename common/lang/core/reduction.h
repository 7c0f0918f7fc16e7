// How reductions end early, and the loop that all of them share.
#pragma once

#include <utility>

#include "common/edn/value.h"
#include "common/lang/core/arguments.h"

namespace onyx::lang::core {

// What (reduced x) makes.
class Reduced final : public edn::Extension {
 public:
  explicit Reduced(Value value);
  std::string_view type_name() const override { return "reduced value"; }
  void print(std::string& out) const override;
  const Value& value() const { return value_; }

 private:
  Value value_;
};

Value reduced(Value value);

inline bool is_reduced(const Value& value) {
  return value.is(edn::Kind::extension) && dynamic_cast<Reduced*>(value.as_extension()) != nullptr;
}

// The value inside, or the value itself.
inline Value unreduced(Value value) {
  if (!is_reduced(value)) return value;
  return static_cast<Reduced*>(value.as_extension())->value();
}

// (f … (f (f init a) b) …) until the end or a Reduced, which is opened.
Value reduce(Call& call, const Callee& f, Value init, SeqCursor cursor);

}  // namespace onyx::lang::core
