// One call after another of the same function, each with an element of a batch as the last argument.
//
// Shape:   what can be found out once is found out once: the function's code, its slots. An element that the function did
//          not turn into a map is as it was afterwards, also when the call threw: it is still in its slot when the code
//          spares it (Arity::spares_last), else its values have been kept.
// Thread:  the call's.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "common/lang/closure.h"
#include "common/lang/preimage.h"
#include "common/lang/sequence.h"

namespace onyx::lang {

class ElementCall {
 public:
  // All outlive this.
  ElementCall(Call& call, const Value& callee, std::span<const Value> leading, Preimage& preimage)
      : call_(call),
        callee_(callee),
        leading_(leading),
        preimage_(preimage),
        closure_(closure_of(callee)),
        arity_(closure_ == nullptr ? nullptr : fixed_arity(*closure_, leading.size() + 1)),
        slots_(call, arity_ == nullptr ? leading.size() + 1 : arity_->slots) {}
  ~ElementCall() {
    if (element_ != nullptr) give_back();
    preimage_.forget();
  }
  ElementCall(const ElementCall&) = delete;
  ElementCall& operator=(const ElementCall&) = delete;

  // The result, realised. Only if it is a map has the element been moved out of.
  Value on(Value& element) {
    element_ = &element;
    is_spared_ = arity_ != nullptr && arity_->spares_last && element.is_map() &&
                 element.as_record() != nullptr;
    if (!is_spared_) preimage_.keep(element);
    for (std::size_t i = 0; i < leading_.size(); ++i) slots_[i] = leading_[i];
    slots_[leading_.size()] = std::move(element);
    Value result = arity_ != nullptr
                       ? run(call_, closure_->code(), *arity_, slots_.data(), closure_)
                       : invoke(call_, callee_, slots_.span());
    if (!is_plain(result)) [[unlikely]]
      result = realise(call_, std::move(result));
    if (!result.is_map()) [[unlikely]]
      give_back();
    element_ = nullptr;
    for (Value& slot : slots_.span()) slot = Value();
    return result;
  }

 private:
  static const Closure* closure_of(const Value& callee) {
    return dynamic_cast<const Closure*>(as_function(callee));
  }
  static const Arity* fixed_arity(const Closure& closure, std::size_t arguments) {
    const Arity* arity = closure.code().find(arguments);
    return arity == nullptr || arity->has_rest ? nullptr : arity;
  }
  void give_back() {
    *element_ = is_spared_ ? std::move(slots_[leading_.size()]) : preimage_.restore();
  }

  Call& call_;
  const Value& callee_;
  const std::span<const Value> leading_;
  Preimage& preimage_;
  const Closure* const closure_;
  const Arity* const arity_;  // nullptr: found anew by each call
  Slots slots_;
  Value* element_ = nullptr;  // in the call that is going on
  bool is_spared_ = false;
};

}  // namespace onyx::lang
