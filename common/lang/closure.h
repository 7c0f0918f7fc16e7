// A compiled function: its code, shared by all closures over it, and what one closure has captured.
//
// Shape:   one Arity per parameter list, at most one of them variadic. A Closure's captures lie in the order of the
//          code's captures.
// Thread:  Code is immutable after compilation and lives as long as its Program; a closure must not be called after that.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/lang/function.h"
#include "common/lang/node.h"

namespace onyx::lang {

struct Arity {
  std::uint32_t parameters = 0;  // without the rest parameter
  bool has_rest = false;         // slot `parameters` then holds the rest, nil when there is none
  std::uint32_t slots = 0;
  std::uint32_t stack_bytes = 0;  // what the body may need of the native stack
  bool spares_last =
      false;  // an exception leaves the last parameter in its slot, if it is a record
  NodePtr body;
};

struct Code {
  std::string name;  // "my.app/normalise"
  std::vector<std::unique_ptr<Arity>> arities;
  std::uint32_t captures = 0;
  std::shared_ptr<const std::string> file;

  // The arity for `count` arguments, or nullptr.
  const Arity* find(std::size_t count) const {
    for (const auto& arity : arities) {
      if (arity->has_rest ? count >= arity->parameters : count == arity->parameters)
        return arity.get();
    }
    return nullptr;
  }
  std::string accepted() const;  // "1, 2 or at least 4"
};

class Closure final : public Function {
 public:
  Closure(const Code* code, std::vector<Value> captures);

  Value call(Call& call, std::span<Value> args) const override;
  std::string_view name() const override { return code_->name; }
  bool accepts(std::size_t n) const override { return code_->find(n) != nullptr; }

  const Code& code() const { return *code_; }
  const Value& capture(std::size_t i) const { return captures_[i]; }
  const std::vector<Value>& captures() const { return captures_; }
  // This closure as a value.
  Value self() const;

 private:
  const Code* code_;
  std::vector<Value> captures_;
};

// Runs a body over slots that hold the arguments.
Value run(Call& call, const Code& code, const Arity& arity, Value* slots, const Closure* closure);

}  // namespace onyx::lang
