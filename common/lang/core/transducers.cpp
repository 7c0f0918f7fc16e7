#include "common/lang/core/transducers.h"
#include "common/lang/core/areas.h"

#include <fmt/format.h>

#include "common/lang/core/reduction.h"

namespace onyx::lang::core {

namespace {

Value from_span(const Callee& f, Call& call, std::span<Value> inputs) {
  return inputs.size() == 1 ? f(call, std::move(inputs[0])) : f.apply(call, inputs);
}

Value map_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  return s.pass(call, std::move(result), from_span(s.f, call, in));
}

Value filter_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  return s.f(call, Value(in[0])).is_truthy() ? s.pass(call, std::move(result), std::move(in[0]))
                                             : result;
}

Value remove_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  return s.f(call, Value(in[0])).is_truthy() ? result
                                             : s.pass(call, std::move(result), std::move(in[0]));
}

Value keep_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  Value kept = s.f(call, std::move(in[0]));
  return kept.is_nil() ? result : s.pass(call, std::move(result), std::move(kept));
}

Value map_indexed_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  return s.pass(call, std::move(result), s.f(call, Value::integer(s.count++), std::move(in[0])));
}

Value keep_indexed_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  Value kept = s.f(call, Value::integer(s.count++), std::move(in[0]));
  return kept.is_nil() ? result : s.pass(call, std::move(result), std::move(kept));
}

Value take_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  if (s.count < s.n) result = s.pass(call, std::move(result), std::move(in[0]));
  if (++s.count < s.n || is_reduced(result)) return result;
  return reduced(std::move(result));
}

Value drop_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  if (s.count < s.n) {
    ++s.count;
    return result;
  }
  return s.pass(call, std::move(result), std::move(in[0]));
}

Value take_while_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  if (s.f(call, Value(in[0])).is_truthy()) return s.pass(call, std::move(result), std::move(in[0]));
  return reduced(std::move(result));
}

Value drop_while_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  if (s.count == 0 && s.f(call, Value(in[0])).is_truthy()) return result;
  s.count = 1;
  return s.pass(call, std::move(result), std::move(in[0]));
}

Value take_nth_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  const bool is_taken = s.count++ % s.n == 0;
  return is_taken ? s.pass(call, std::move(result), std::move(in[0])) : result;
}

Value distinct_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  if (s.seen.is_nil()) s.seen = Value::set();
  Value key = key_of(call, in[0]);
  if (s.seen.find(key) != nullptr) return result;
  s.seen = std::move(s.seen).conj(std::move(key));
  return s.pass(call, std::move(result), std::move(in[0]));
}

Value dedupe_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  if (s.has_last && equal(call, s.last, in[0])) return result;
  s.has_last = true;
  s.last = in[0];
  return s.pass(call, std::move(result), std::move(in[0]));
}

Value interpose_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  if (s.count++ > 0) {
    result = s.pass(call, std::move(result), s.f.value());
    if (is_reduced(result)) return result;
  }
  return s.pass(call, std::move(result), std::move(in[0]));
}

Value cat_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  SeqCursor cursor(std::move(in[0]), "cat");
  Value item;
  while (cursor.next(call, item)) {
    result = s.pass(call, std::move(result), std::move(item));
    if (is_reduced(result)) return result;
  }
  return result;
}

Value mapcat_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  Value inner[] = {from_span(s.f, call, in)};
  return cat_step(call, s, std::move(result), inner);
}

Value take_part(StageState& s) {
  Value part = Value::vector(std::move(s.part));
  s.part = {};
  return part;
}

Value part_end(Call& call, StageState& s, Value result) {
  if (!s.part.empty()) result = unreduced(s.pass(call, std::move(result), take_part(s)));
  return s.next(call, std::move(result));
}

Value partition_all_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  keep(call, s.part, std::move(in[0]));
  if (static_cast<std::int64_t>(s.part.size()) < s.n) return result;
  return s.pass(call, std::move(result), take_part(s));
}

Value partition_by_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  Value key = s.f(call, Value(in[0]));
  const bool starts = s.has_last && !equal(call, s.last, key);
  s.has_last = true;
  s.last = std::move(key);
  if (starts) {
    result = s.pass(call, std::move(result), take_part(s));
    if (is_reduced(result)) return result;
  }
  keep(call, s.part, std::move(in[0]));
  return result;
}

constexpr StageKind kMap{"map", map_step};
constexpr StageKind kFilter{"filter", filter_step};
constexpr StageKind kRemove{"remove", remove_step};
constexpr StageKind kKeep{"keep", keep_step};
constexpr StageKind kMapIndexed{"map-indexed", map_indexed_step};
constexpr StageKind kKeepIndexed{"keep-indexed", keep_indexed_step};
constexpr StageKind kTake{"take", take_step};
constexpr StageKind kDrop{"drop", drop_step};
constexpr StageKind kTakeWhile{"take-while", take_while_step};
constexpr StageKind kDropWhile{"drop-while", drop_while_step};
constexpr StageKind kTakeNth{"take-nth", take_nth_step};
constexpr StageKind kDistinct{"distinct", distinct_step};
constexpr StageKind kDedupe{"dedupe", dedupe_step};
constexpr StageKind kInterpose{"interpose", interpose_step};
constexpr StageKind kCat{"cat", cat_step};
constexpr StageKind kMapcat{"mapcat", mapcat_step};
constexpr StageKind kPartitionAll{"partition-all", partition_all_step, part_end};
constexpr StageKind kPartitionBy{"partition-by", partition_by_step, part_end};

}  // namespace

Value map_transducer(Value f) { return make_transducer(kMap, std::move(f)); }
Value filter_transducer(Value f) { return make_transducer(kFilter, std::move(f)); }
Value remove_transducer(Value f) { return make_transducer(kRemove, std::move(f)); }
Value keep_transducer(Value f) { return make_transducer(kKeep, std::move(f)); }
Value map_indexed_transducer(Value f) { return make_transducer(kMapIndexed, std::move(f)); }
Value keep_indexed_transducer(Value f) { return make_transducer(kKeepIndexed, std::move(f)); }
Value take_transducer(std::int64_t n) { return make_transducer(kTake, Value(), n); }
Value drop_transducer(std::int64_t n) { return make_transducer(kDrop, Value(), n); }
Value take_while_transducer(Value f) { return make_transducer(kTakeWhile, std::move(f)); }
Value drop_while_transducer(Value f) { return make_transducer(kDropWhile, std::move(f)); }
Value take_nth_transducer(std::int64_t n) { return make_transducer(kTakeNth, Value(), n); }
Value distinct_transducer() { return make_transducer(kDistinct, Value()); }
Value dedupe_transducer() { return make_transducer(kDedupe, Value()); }
Value interpose_transducer(Value separator) {
  return make_transducer(kInterpose, std::move(separator));
}
Value mapcat_transducer(Value f) { return make_transducer(kMapcat, std::move(f)); }
Value partition_all_transducer(std::int64_t n) {
  return make_transducer(kPartitionAll, Value(), n);
}
Value partition_by_transducer(Value f) { return make_transducer(kPartitionBy, std::move(f)); }

namespace {

// (cat rf): a transducer that is a function of clojure.core itself.
Value cat(Call& call, Args args) {
  return invoke(call, make_transducer(kCat, Value()), std::move(args[0]));
}

Value reduced_fn(Call&, Args args) { return reduced(std::move(args[0])); }
Value is_reduced_fn(Call&, Args args) { return Value::boolean(is_reduced(args[0])); }
Value unreduced_fn(Call&, Args args) { return unreduced(std::move(args[0])); }
Value ensure_reduced(Call&, Args args) {
  return is_reduced(args[0]) ? std::move(args[0]) : reduced(std::move(args[0]));
}

// (completing f cf): f with cf as its completion.
Value completing_step(Call& call, StageState& s, Value result, std::span<Value> in) {
  return s.pass(call, std::move(result), std::move(in[0]));
}
Value completing_end(Call& call, StageState& s, Value result) {
  return s.f.value().is_nil() ? result : s.f(call, std::move(result));
}
constexpr StageKind kCompleting{"completing", completing_step, completing_end};

Value completing(Call& call, Args args) {
  Value completion = args.size() == 2 ? std::move(args[1]) : Value();
  return invoke(call, make_transducer(kCompleting, std::move(completion)), std::move(args[0]));
}

Value transduce(Call& call, Args args) {
  const Value step = invoke(call, args[0], std::move(args[1]));
  Value init = args.size() == 4 ? std::move(args[2]) : invoke(call, step);
  SeqCursor cursor(std::move(args.back()), "transduce");
  const Callee f{step};
  return f(call, reduce(call, f, std::move(init), std::move(cursor)));
}

Value sequence(Call& call, Args args) {
  if (args.size() == 1) {
    if (args[0].is_list() || as_sequence(args[0]) != nullptr) return std::move(args[0]);
    Value items = seq(call, std::move(args[0]));
    return items.is_nil() ? Value::list() : items;
  }
  std::vector<Value> sources(std::make_move_iterator(args.begin() + 1),
                             std::make_move_iterator(args.end()));
  return transduced(call, std::move(args[0]), std::move(sources));
}

// Several transducers before the collection are applied in turn, as with comp.
Value eduction(Call& call, Args args) {
  Value items = std::move(args.back());
  for (Value& transducer : args.first(args.size() - 1)) {
    std::vector<Value> sources;
    sources.push_back(std::move(items));
    items = transduced(call, std::move(transducer), std::move(sources));
  }
  return args.size() == 1 ? lazily(std::move(items), "eduction") : items;
}

constexpr Native kTransducersTable[] = {
    {kCore, "reduced", 1, 1, reduced_fn, "The value, wrapped so that a reduction ends with it."},
    {kCore, "reduced?", 1, 1, is_reduced_fn, "Whether the value came from reduced."},
    {kCore, "unreduced", 1, 1, unreduced_fn,
     "The value that reduced wrapped, or the value itself."},
    {kCore, "ensure-reduced", 1, 1, ensure_reduced, "The value wrapped by reduced, once."},
    {kCore, "completing", 1, 2, completing,
     "The reducing function with a completion, identity unless given."},
    {kCore, "transduce", 3, 4, transduce,
     "The reduction of the collection with f through the transducer."},
    {kCore, "sequence", 1, kVariadic, sequence,
     "A lazy sequence of the elements, through the transducer if given."},
    {kCore, "eduction", 1, kVariadic, eduction,
     "A lazy sequence of the elements through the transducers."},
    {kCore, "cat", 1, 1, cat, "A transducer that puts the elements of each input in its place."},
};

}  // namespace

std::span<const Native> transducers_table() { return kTransducersTable; }

}  // namespace onyx::lang::core
