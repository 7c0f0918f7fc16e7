#include <iterator>

#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"

namespace onyx::lang::core {

namespace {

// A function made of values, of which it keeps the deepest's depth.
class Combined : public Function {
 public:
  Combined(std::string_view name, std::vector<Value> parts)
      : parts_(std::move(parts)), name_(name) {
    for (const Value& part : parts_) holds(part);
  }
  std::string_view name() const override { return name_; }
  bool accepts(std::size_t) const override { return true; }

 protected:
  std::vector<Value> parts_;

 private:
  std::string_view name_;
};

template <class Made>
Value make(Call& call, std::string_view name, Args parts) {
  call.charge(parts.size() * sizeof(Value));
  std::vector<Value> kept(std::make_move_iterator(parts.begin()),
                          std::make_move_iterator(parts.end()));
  return Value::extension(new Made(name, std::move(kept)));
}

std::vector<Value> copy(std::span<Value> args) { return {args.begin(), args.end()}; }

class Composition final : public Combined {
 public:
  using Combined::Combined;
  Value call(Call& call, std::span<Value> args) const override {
    call.step();
    call.check_stack();
    Value result = invoke(call, parts_.back(), args);
    for (std::size_t i = parts_.size() - 1; i-- > 0;) {
      result = invoke(call, parts_[i], std::move(result));
    }
    return result;
  }
};

class Partial final : public Combined {
 public:
  using Combined::Combined;
  Value call(Call& call, std::span<Value> args) const override {
    call.step();
    call.check_stack();
    std::vector<Value> all(parts_.begin() + 1, parts_.end());
    all.insert(all.end(), std::make_move_iterator(args.begin()),
               std::make_move_iterator(args.end()));
    return invoke(call, parts_[0], std::span<Value>(all));
  }
};

class Juxtaposition final : public Combined {
 public:
  using Combined::Combined;
  Value call(Call& call, std::span<Value> args) const override {
    call.step();
    call.check_stack();
    std::vector<Value> results;
    for (const Value& part : parts_) {
      std::vector<Value> own = copy(args);
      keep(call, results, invoke(call, part, std::span<Value>(own)));
    }
    return Value::vector(std::move(results));
  }
};

class Complement final : public Combined {
 public:
  using Combined::Combined;
  Value call(Call& call, std::span<Value> args) const override {
    call.step();
    call.check_stack();
    return Value::boolean(!invoke(call, parts_[0], args).is_truthy());
  }
};

class Constant final : public Combined {
 public:
  using Combined::Combined;
  Value call(Call& call, std::span<Value>) const override {
    call.step();
    return parts_[0];
  }
};

// (fnil f a b c): nil among the first arguments becomes a, b, c.
class NilPatched final : public Combined {
 public:
  using Combined::Combined;
  Value call(Call& call, std::span<Value> args) const override {
    call.step();
    call.check_stack();
    if (args.size() + 1 < parts_.size()) {
      raise_arity("a function of fnil", args.size(),
                  accepted_text(static_cast<std::int16_t>(parts_.size() - 1), kVariadic));
    }
    for (std::size_t i = 0; i + 1 < parts_.size(); ++i) {
      if (args[i].is_nil()) args[i] = parts_[i + 1];
    }
    return invoke(call, parts_[0], args);
  }
};

// every-pred: every function is true of every argument. some-fn: the first true answer.
class EveryPredicate final : public Combined {
 public:
  using Combined::Combined;
  Value call(Call& call, std::span<Value> args) const override {
    call.step();
    call.check_stack();
    for (const Value& arg : args) {
      for (const Value& part : parts_) {
        if (!invoke(call, part, Value(arg)).is_truthy()) return Value::boolean(false);
      }
    }
    return Value::boolean(true);
  }
};

class SomeFunction final : public Combined {
 public:
  using Combined::Combined;
  Value call(Call& call, std::span<Value> args) const override {
    call.step();
    call.check_stack();
    Value answer;
    for (const Value& arg : args) {
      for (const Value& part : parts_) {
        answer = invoke(call, part, Value(arg));
        if (answer.is_truthy()) return answer;
      }
    }
    return answer;
  }
};

Value identity(Call&, Args args) { return std::move(args[0]); }

Value comp(Call& call, Args args) {
  if (args.empty()) {
    static constexpr Native kIdentity{kCore, "identity", 1, 1, identity};
    return Value::extension(new NativeFunction(kIdentity));
  }
  if (args.size() == 1) return std::move(args[0]);
  return make<Composition>(call, "comp", args);
}

Value partial(Call& call, Args args) {
  if (args.size() == 1) return std::move(args[0]);
  return make<Partial>(call, "partial", args);
}
Value juxt(Call& call, Args args) { return make<Juxtaposition>(call, "juxt", args); }
Value complement(Call& call, Args args) { return make<Complement>(call, "complement", args); }
Value constantly(Call& call, Args args) { return make<Constant>(call, "constantly", args); }
Value fnil(Call& call, Args args) { return make<NilPatched>(call, "fnil", args); }
Value every_pred(Call& call, Args args) { return make<EveryPredicate>(call, "every-pred", args); }
Value some_fn(Call& call, Args args) { return make<SomeFunction>(call, "some-fn", args); }

// Functions are pure, so remembering changes nothing but time; what it would keep between calls would be memory that
// no budget counts.
Value memoize(Call&, Args args) { return std::move(args[0]); }

Value apply(Call& call, Args args) {
  std::vector<Value> last = collect(call, std::move(args.back()), "apply");
  std::vector<Value> all(std::make_move_iterator(args.begin() + 1),
                         std::make_move_iterator(args.end() - 1));
  if (all.empty()) return invoke(call, args[0], std::span<Value>(last));
  call.charge(last.size() * sizeof(Value));
  all.insert(all.end(), std::make_move_iterator(last.begin()), std::make_move_iterator(last.end()));
  return invoke(call, args[0], std::span<Value>(all));
}

constexpr Native kFunctionalTable[] = {
    {kCore, "identity", 1, 1, identity, "The value itself."},
    {kCore, "comp", 0, kVariadic, comp,
     "A function that calls the last with its arguments, and each before with the result."},
    {kCore, "partial", 1, kVariadic, partial,
     "A function that calls f with these arguments and then its own."},
    {kCore, "juxt", 1, kVariadic, juxt,
     "A function that gives a vector of what each function gives."},
    {kCore, "complement", 1, 1, complement, "A function that is true where f is false."},
    {kCore, "constantly", 1, 1, constantly, "A function that always gives the value."},
    {kCore, "fnil", 2, 4, fnil, "A function that calls f with these values in place of nil."},
    {kCore, "every-pred", 1, kVariadic, every_pred,
     "A function that is true when all functions are true of all its arguments."},
    {kCore, "some-fn", 1, kVariadic, some_fn,
     "A function that gives the first true answer of the functions for its arguments."},
    {kCore, "memoize", 1, 1, memoize, "The function; it is pure, and called each time."},
    {kCore, "apply", 2, kVariadic, apply,
     "Calls f with the values and then the elements of the last."},
};

}  // namespace

std::span<const Native> functional_table() { return kFunctionalTable; }

}  // namespace onyx::lang::core
