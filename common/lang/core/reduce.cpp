#include "common/lang/core/areas.h"
#include "common/lang/core/lazy.h"
#include "common/lang/core/maps.h"
#include "common/lang/core/reduction.h"

namespace onyx::lang::core {

namespace {

Value reduce_fn(Call& call, Args args) {
  const Callee f(std::move(args[0]));
  SeqCursor cursor(std::move(args.back()), "reduce");
  if (args.size() == 3) return reduce(call, f, std::move(args[1]), std::move(cursor));
  Value first;
  if (!cursor.next(call, first)) return f(call);
  return reduce(call, f, std::move(first), std::move(cursor));
}

Value reductions(Call& call, Args args) {
  const Callee f(std::move(args[0]));
  SeqCursor cursor(args.back(), "reductions");
  Value init;
  bool has_init = args.size() == 3;
  if (has_init) {
    init = std::move(args[1]);
  } else if (!cursor.next(call, init)) {
    return Value::list({f(call)});
  }
  return lazy({&f.value(), &init, &args.back()}, [f, cursor = std::move(cursor), result = init,
                                                  state = 0](Call& c, Value& out) mutable {
    if (state == 2) return false;
    if (state == 0) {
      state = 1;
      out = result;
      return true;
    }
    Value item;
    if (!cursor.next(c, item)) return false;
    result = f(c, std::move(result), std::move(item));
    if (is_reduced(result)) {
      result = unreduced(std::move(result));
      state = 2;
    }
    out = result;
    return true;
  });
}

// The reducing function of into: conj, as a function, for transducers to pass to.
class Conjoin final : public Function {
 public:
  Value call(Call& call, std::span<Value> args) const override {
    call.step();
    if (args.empty()) return Value::vector();
    if (args.size() == 1) return std::move(args[0]);
    return conjoin(call, std::move(args[0]), std::move(args[1]));
  }
  std::string_view name() const override { return "conj"; }
  bool accepts(std::size_t n) const override { return n <= 2; }
};

Value into(Call& call, Args args) {
  if (args.empty()) return Value::vector();
  if (args.size() == 1) return std::move(args[0]);
  if (args.size() == 3) {
    const Callee step(invoke(call, args[1], Value::extension(new Conjoin)));
    SeqCursor cursor(std::move(args[2]), "into");
    return step(call, reduce(call, step, std::move(args[0]), std::move(cursor)));
  }
  Value result = std::move(args[0]);
  SeqCursor cursor(std::move(args[1]), "into");
  Value item;
  while (cursor.next(call, item)) result = conjoin(call, std::move(result), std::move(item));
  return result;
}

// --- questions about all elements; `stop` tells at which answer the search ends ---

Value some(Call& call, Args args) {
  const Callee f(std::move(args[0]));
  SeqCursor cursor(std::move(args[1]), "some");
  Value item;
  while (cursor.next(call, item)) {
    Value answer = f(call, std::move(item));
    if (answer.is_truthy()) return answer;
  }
  return {};
}

bool every(Call& call, Args args, std::string_view function, bool wanted) {
  const Callee f(std::move(args[0]));
  SeqCursor cursor(std::move(args[1]), function);
  Value item;
  while (cursor.next(call, item)) {
    if (f(call, std::move(item)).is_truthy() != wanted) return false;
  }
  return true;
}

Value is_every(Call& call, Args args) { return Value::boolean(every(call, args, "every?", true)); }
Value not_every(Call& call, Args args) {
  return Value::boolean(!every(call, args, "not-every?", true));
}
Value not_any(Call& call, Args args) {
  return Value::boolean(every(call, args, "not-any?", false));
}

Value run(Call& call, Args args) {
  const Callee f(std::move(args[0]));
  SeqCursor cursor(std::move(args[1]), "run!");
  Value item;
  while (cursor.next(call, item)) {
    if (is_reduced(f(call, std::move(item)))) break;
  }
  return {};
}

Value doall(Call& call, Args args) {
  SeqCursor cursor(args.back(), "doall");
  std::int64_t left = args.size() == 2 ? whole_of("doall", args[0]) : INT64_MAX;
  Value item;
  while (left-- > 0 && cursor.next(call, item)) continue;
  return std::move(args.back());
}

Value dorun(Call& call, Args args) {
  std::int64_t left = args.size() == 2 ? whole_of("dorun", args[0]) : INT64_MAX;
  SeqCursor cursor(std::move(args.back()), "dorun");
  Value item;
  while (left-- > 0 && cursor.next(call, item)) continue;
  return {};
}

constexpr Native kReduceTable[] = {
    {kCore, "reduce", 2, 3, reduce_fn, "The reduction (f acc element) over the collection."},
    {kCore, "reductions", 2, 3, reductions,
     "A lazy sequence of the reduction's results on the way."},
    {kCore, "into", 0, 3, into,
     "The first collection with the elements of the other, through a transducer if given."},
    {kCore, "some", 2, 2, some, "The first true (f element), or nil."},
    {kCore, "every?", 2, 2, is_every, "Whether (f element) is true for all elements."},
    {kCore, "not-every?", 2, 2, not_every, "Whether (f element) is false for some element."},
    {kCore, "not-any?", 2, 2, not_any, "Whether (f element) is false for all elements."},
    {kCore, "run!", 2, 2, run, "Calls f with each element and gives nil."},
    {kCore, "doall", 1, 2, doall, "The sequence, with its elements made."},
    {kCore, "dorun", 1, 2, dorun, "Makes the elements of the sequence and gives nil."},
};

}  // namespace

std::span<const Native> reduce_table() { return kReduceTable; }

}  // namespace onyx::lang::core
