// A lazy sequence from a lambda.
#pragma once

#include <initializer_list>
#include <memory>
#include <utility>

#include "common/lang/core/arguments.h"
#include "common/lang/sequence.h"

namespace onyx::lang::core {

template <class Next>
class LambdaProducer final : public Producer {
 public:
  LambdaProducer(std::initializer_list<const Value*> held, Next next) : next_(std::move(next)) {
    for (const Value* value : held) holds(*value);
  }
  bool next(Call& call, Value& out) override { return next_(call, out); }

 private:
  Next next_;
};

// `next` is `bool(Call&, Value& out)`, false at the end; `held` are the Values that it keeps.
template <class Next>
std::unique_ptr<Producer> producer(std::initializer_list<const Value*> held, Next next) {
  return std::make_unique<LambdaProducer<Next>>(held, std::move(next));
}

template <class Next>
Value lazy(std::initializer_list<const Value*> held, Next next) {
  return Sequence::make(producer(held, std::move(next)));
}

}  // namespace onyx::lang::core
