#include "common/lang/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "common/base/check.h"
#include "common/edn/did_you_mean.h"
#include "common/lang/analyzer.h"
#include "common/lang/closure.h"
#include "common/lang/element_call.h"
#include "common/lang/program_parts.h"
#include "common/lang/sequence.h"
#include "common/lang/sorted.h"

namespace onyx::lang {

// --- Reference ---

bool Reference::is_function() const { return is_callable(value_); }

bool Reference::accepts(std::size_t arguments) const {
  if (const Function* function = as_function(value_)) return function->accepts(arguments);
  if (const Sorted* sorted = as_sorted(value_)) {
    return arguments == 1 || (arguments == 2 && sorted->is_map());
  }
  switch (value_.kind()) {
    case edn::Kind::keyword:
    case edn::Kind::symbol:
    case edn::Kind::map:
      return arguments == 1 || arguments == 2;
    case edn::Kind::set:
    case edn::Kind::vector:
      return arguments == 1;
    default:
      return false;
  }
}

std::string Reference::accepted() const {
  const Function* function = as_function(value_);
  if (const auto* closure = dynamic_cast<const Closure*>(function))
    return closure->code().accepted();
  if (const auto* native = dynamic_cast<const NativeFunction*>(function)) {
    return accepted_text(native->native().min, native->native().max);
  }
  return function != nullptr ? "another number" : "1";
}

// --- Program ---

Program::Program() : parts_(std::make_unique<Parts>()) {}
Program::~Program() = default;

std::optional<Reference> Program::find(const Value& reference) const {
  Reference found;
  const Definition* definition = nullptr;
  if (reference.is_keyword() || reference.is_symbol()) {
    const std::string& name = reference.name()->text;
    if (const auto known = parts_->by_name.find(name); known != parts_->by_name.end()) {
      definition = known->second;
    } else if (const Native* native = find_native(name)) {
      found.name_ = name;
      found.value_ = Value::extension(new NativeFunction(*native));
      return found;
    }
  } else if (const auto known = parts_->by_form.find(reference); known != parts_->by_form.end()) {
    definition = known->second;
  }
  if (definition == nullptr) return std::nullopt;
  found.name_ = definition->name;
  found.value_ = definition->sample;
  found.definition_ = definition;
  return found;
}

std::vector<std::string> Program::names() const {
  std::vector<std::string> names;
  for (const auto& definition : parts_->definitions) {
    const auto known = parts_->by_name.find(definition->name);
    if (known != parts_->by_name.end() && known->second == definition.get()) {
      names.push_back(definition->name);
    }
  }
  return names;
}

std::vector<std::string> Program::did_you_mean(const Value& keyword) const {
  std::vector<std::string> candidates = names();
  for (const Native& native : core_table()) {
    candidates.push_back(fmt::format("{}/{}", native.ns, native.name));
  }
  if (!keyword.is_keyword() && !keyword.is_symbol()) return {};
  std::vector<std::string> best = edn::did_you_mean(keyword.name()->text, candidates);
  for (std::string& name : best) name.insert(name.begin(), ':');
  return best;
}

// --- Instance ---

namespace {

Outcome failed(Call& call, const Thrown& thrown) {
  Outcome outcome;
  outcome.kind = Outcome::Kind::exception;
  const ExceptionInfo& exception = *as_exception(thrown.exception);
  Value data = realise(call, exception.data());
  const bool has_trace = !exception.trace().empty();
  outcome.value =
      exception.with_trace(has_trace ? exception.trace() : thrown.trace, std::move(data));
  return outcome;
}

Outcome exceeded(const BudgetExceeded& budget) {
  Outcome outcome;
  outcome.kind = Outcome::Kind::limit;
  outcome.limit = budget.limit;
  Value data = Value::map({{Value::keyword("onyx/limit"), Value::string(name_of(budget.limit))}});
  outcome.value = make_exception(ErrorClass::illegal_state, budget.message, std::move(data));
  return outcome;
}

// C++ catch blocks only take the exception along; what has to be evaluated comes after them.
template <class Body>
Outcome guarded(Call& call, Body&& body, Value (*realise_result)(Call&, Value) = realise) {
  std::optional<Thrown> thrown;
  try {
    try {
      Outcome outcome;
      outcome.value = body();
      if (!is_plain(outcome.value)) [[unlikely]]
        outcome.value = realise_result(call, std::move(outcome.value));
      return outcome;
    } catch (Thrown& exception) {
      thrown = std::move(exception);
    }
    return failed(call, *thrown);
  } catch (const BudgetExceeded& budget) {
    return exceeded(budget);
  } catch (const Thrown& again) {
    // Realising the data threw: that exception's own data is left out.
    Outcome outcome;
    outcome.kind = Outcome::Kind::exception;
    outcome.value = as_exception(again.exception)->with_trace(again.trace, Value());
    return outcome;
  }
}

}  // namespace

Outcome evaluate(Call& call, const Definition& definition) {
  return guarded(
      call,
      [&] {
        const Arity& arity = *definition.init->arities.front();
        Slots slots(call, arity.slots);
        return run(call, *definition.init, arity, slots.data(), nullptr);
      },
      realise_sequences);
}

Instance::Instance(std::shared_ptr<const Program> program, const Limits& limits, Yield* yield,
                   LineSink* lines)
    : program_(std::move(program)), call_(limits) {
  const Program::Parts& parts = *program_->parts_;
  caches_.resize(parts.caches);
  globals_.resize(parts.definitions.size());
  call_.bindings = {globals_.data(), caches_.data()};
  for (const auto& definition : parts.definitions) {
    Value& global = globals_[definition->index];
    if (definition->is_shareable) {
      global = definition->sample;
    } else if (definition->function != nullptr) {
      global = Value::extension(new Closure(definition->function, {}));
    } else {
      call_.set_limits(parts.limits);
      call_.begin();
      Outcome outcome = evaluate(call_, *definition);
      ONYX_CHECK(outcome.is_value(), "{} could be evaluated when it was compiled, and now: {}",
                 definition->name, outcome.exception().message());
      global = std::move(outcome.value);
    }
  }
  call_.set_limits(limits);
  call_.set_hooks(yield, lines);
}

Instance::~Instance() = default;

Value Instance::value(const Reference& reference) const {
  if (reference.definition_ != nullptr) return globals_[reference.definition_->index];
  const auto& native = static_cast<const NativeFunction&>(*as_function(reference.value_));
  return Value::extension(new NativeFunction(native.native()));
}

Outcome Instance::call(const Value& callee, std::span<Value> args, const void* stack_limit) {
  call_.begin(stack_limit);
  return guarded(call_, [&] { return invoke(call_, callee, args); });
}

std::size_t Instance::call_each(const Value& callee, std::span<const Value> leading,
                                std::span<Value> elements, Outcome& other,
                                const void* stack_limit) {
  std::size_t at = 0;
  other = guarded(call_, [&] {
    ElementCall element_call(call_, callee, leading, preimage_);
    for (; at < elements.size(); ++at) {
      call_.begin(stack_limit);
      Value result = element_call.on(elements[at]);
      if (!result.is_map()) [[unlikely]]
        return result;
      elements[at] = std::move(result);
    }
    return Value();
  });
  return at;
}

}  // namespace onyx::lang
