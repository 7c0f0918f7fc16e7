#include "common/lang/function.h"

#include <fmt/format.h>

#include "common/lang/equality.h"
#include "common/lang/exception.h"
#include "common/lang/sequence.h"
#include "common/lang/sorted.h"

namespace onyx::lang {

namespace {

// (:k m), (:k m default); also of a symbol, and what `get` does for one key.
Value look_up(Call& call, const Value& key, std::span<Value> args, std::string_view callee) {
  if (args.empty() || args.size() > 2) raise_arity(callee, args.size(), "1 or 2");
  const Value& target = args[0];
  if (target.is_map() || target.is_set()) {
    const Value* found = is_plain(key) ? target.find(key) : target.find(as_key(call, key));
    if (found != nullptr) return *found;
  } else if (const Sorted* sorted = as_sorted(target)) {
    if (const Value* found = sorted->find(call, key)) return *found;
  }
  return args.size() == 2 ? std::move(args[1]) : Value();
}

Value look_up_in(Call& call, const Value& collection, std::span<Value> args) {
  if (collection.is_vector()) {
    if (args.size() != 1) raise_arity("a vector", args.size(), "1");
    if (!args[0].is_integer())
      raise_wrong_type("a vector called as a function", "an index", args[0]);
    const std::int64_t index = args[0].as_integer();
    if (index < 0 || static_cast<std::size_t>(index) >= collection.count()) {
      raise(ErrorClass::index_out_of_bounds,
            fmt::format("index {} is out of bounds for a vector of {} elements", index,
                        collection.count()));
    }
    return collection.at(static_cast<std::size_t>(index));
  }
  const Sorted* sorted = as_sorted(collection);
  const bool is_map = is_any_map(collection);
  if (args.empty() || args.size() > (is_map ? 2u : 1u)) {
    raise_arity(is_map ? "a map" : "a set", args.size(), is_map ? "1 or 2" : "1");
  }
  const Value* found =
      sorted != nullptr ? sorted->find(call, args[0]) : collection.find(as_key(call, args[0]));
  if (found != nullptr) return *found;
  return args.size() == 2 ? std::move(args[1]) : Value();
}

}  // namespace

void Function::print(std::string& out) const {
  fmt::format_to(std::back_inserter(out), "#<fn {}>", name());
}

NativeFunction::NativeFunction(const Native& native) : native_(native) {
  name_ = fmt::format("{}/{}", native.ns, native.name);
}

Value NativeFunction::call(Call& call, std::span<Value> args) const {
  if (!accepts(args.size())) [[unlikely]] {
    raise_arity(native_.name, args.size(), accepted_text(native_.min, native_.max));
  }
  call.step();
  Value result = native_.fn(call, args);
  call.check_bytes();
  call.check_nesting(result);
  return result;
}

bool is_callable(const Value& value) {
  switch (value.kind()) {
    case edn::Kind::keyword:
    case edn::Kind::symbol:
    case edn::Kind::map:
    case edn::Kind::set:
    case edn::Kind::vector:
      return true;
    case edn::Kind::extension:
      return as_function(value) != nullptr || as_sorted(value) != nullptr;
    default:
      return false;
  }
}

Value invoke(Call& call, const Value& callee, std::span<Value> args) {
  switch (callee.kind()) {
    case edn::Kind::extension:
      if (const Function* function = as_function(callee)) return function->call(call, args);
      if (as_sorted(callee) != nullptr) return look_up_in(call, callee, args);
      break;
    case edn::Kind::keyword:
      return look_up(call, callee, args, "a keyword");
    case edn::Kind::symbol:
      return look_up(call, callee, args, "a symbol");
    case edn::Kind::map:
    case edn::Kind::set:
    case edn::Kind::vector:
      return look_up_in(call, callee, args);
    default:
      break;
  }
  raise(ErrorClass::class_cast, fmt::format("{} cannot be called as a function", describe(callee)));
}

std::string accepted_text(std::int16_t min, std::int16_t max) {
  if (max == kVariadic) return fmt::format("at least {}", min);
  if (min == max) return fmt::format("{}", min);
  if (min + 1 == max) return fmt::format("{} or {}", min, max);
  return fmt::format("{} to {}", min, max);
}

void raise_arity(std::string_view function, std::size_t given, std::string_view accepted) {
  raise(ErrorClass::arity, fmt::format("wrong number of arguments to {}: {} given, {} accepted",
                                       function, given, accepted));
}

}  // namespace onyx::lang
