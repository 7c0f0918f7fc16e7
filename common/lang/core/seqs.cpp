#include <fmt/format.h>

#include <algorithm>

#include "common/base/utf8.h"
#include "common/lang/core/areas.h"
#include "common/lang/core/lazy.h"

namespace onyx::lang::core {

namespace {

Value seq_fn(Call& call, Args args) {
  if (!is_seqable(args[0])) raise_wrong_type("seq", "a collection", args[0]);
  return seq(call, std::move(args[0]));
}
Value first_fn(Call& call, Args args) { return first(call, args[0]); }
Value rest_fn(Call& call, Args args) { return rest(call, std::move(args[0])); }
Value next_fn(Call& call, Args args) { return next(call, std::move(args[0])); }
Value second(Call& call, Args args) { return first(call, rest(call, std::move(args[0]))); }
Value ffirst(Call& call, Args args) { return first(call, first(call, args[0])); }
Value nfirst(Call& call, Args args) { return next(call, first(call, args[0])); }
Value nnext(Call& call, Args args) { return next(call, rest(call, std::move(args[0]))); }
Value cons_fn(Call& call, Args args) { return cons(call, std::move(args[0]), std::move(args[1])); }

Value count_fn(Call& call, Args args) {
  if (args[0].is_string()) {
    const std::string_view text = args[0].as_string();
    return Value::integer(static_cast<std::int64_t>(count_characters(text)));
  }
  return Value::integer(static_cast<std::int64_t>(count(call, args[0])));
}

Value last(Call& call, Args args) {
  if (args[0].is_vector()) {
    return args[0].count() == 0 ? Value() : args[0].at(args[0].count() - 1);
  }
  SeqCursor cursor(std::move(args[0]), "last");
  Value item;
  Value result;
  while (cursor.next(call, item)) result = std::move(item);
  return result;
}

Value butlast(Call& call, Args args) {
  std::vector<Value> items = collect(call, std::move(args[0]), "butlast");
  if (items.size() <= 1) return {};
  items.pop_back();
  return Value::list(std::move(items));
}

[[noreturn]] void out_of_bounds(std::int64_t index, const Value& collection) {
  raise(ErrorClass::index_out_of_bounds,
        fmt::format("nth: index {} is out of bounds for {}", index, describe(collection)));
}

Value nth(Call& call, Args args) {
  const Value& source = args[0];
  if (!args[1].is_number()) raise_wrong_type("nth", "an index", args[1]);
  const std::int64_t index = whole_of("nth", args[1]);
  const bool has_default = args.size() == 3;
  if (source.is_nil()) return has_default ? std::move(args[2]) : Value();
  if (source.is_map() || source.is_set() || as_sorted(source) != nullptr) {
    raise_wrong_type("nth", "something in order, such as a vector", source);
  }
  if (source.is_vector()) {
    if (index >= 0 && static_cast<std::size_t>(index) < source.count()) {
      return source.at(static_cast<std::size_t>(index));
    }
    if (has_default) return std::move(args[2]);
    out_of_bounds(index, source);
  }
  SeqCursor cursor(source, "nth");
  Value item;
  for (std::int64_t at = 0; at <= index; ++at) {
    if (!cursor.next(call, item)) {
      if (has_default) return std::move(args[2]);
      out_of_bounds(index, source);
    }
  }
  if (index >= 0) return item;
  if (has_default) return std::move(args[2]);
  out_of_bounds(index, source);
}

Value after(Call& call, Value source, std::int64_t n, std::string_view function) {
  SeqCursor cursor(std::move(source), function);
  Value skipped;
  for (; n > 0; --n) {
    if (!cursor.next(call, skipped)) break;
  }
  return cursor.rest();
}

Value nthrest(Call& call, Args args) {
  const std::int64_t n = whole_of("nthrest", args[1]);
  return n <= 0 ? std::move(args[0]) : after(call, std::move(args[0]), n, "nthrest");
}

Value nthnext(Call& call, Args args) {
  return seq(call, after(call, std::move(args[0]), whole_of("nthnext", args[1]), "nthnext"));
}

Value take_last(Call& call, Args args) {
  const std::int64_t n = whole_of("take-last", args[0]);
  std::vector<Value> items = collect(call, std::move(args[1]), "take-last");
  if (n <= 0 || items.empty()) return {};
  const auto kept = std::min<std::size_t>(items.size(), static_cast<std::size_t>(n));
  items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(kept));
  return Value::list(std::move(items));
}

// Elements of a sequence nested at any depth. Only what is sequential is opened; maps and sets are elements.
bool is_opened(const Value& value) {
  return value.is_sequential() || as_sequence(value) != nullptr;
}

Value flatten(Call&, Args args) {
  if (!is_opened(args[0])) return Value::list();
  std::vector<SeqCursor> open;
  open.emplace_back(args[0], "flatten");
  return lazy({&args[0]}, [open = std::move(open)](Call& c, Value& out) mutable {
    while (!open.empty()) {
      if (!open.back().next(c, out)) {
        open.pop_back();
      } else if (is_opened(out)) {
        c.charge(sizeof(SeqCursor));
        open.emplace_back(std::move(out), "flatten");
      } else {
        return true;
      }
    }
    return false;
  });
}

// Depth first: a node, then what its children have below them.
Value tree_seq(Call&, Args args) {
  const Callee is_branch(std::move(args[0]));
  const Callee children(std::move(args[1]));
  std::vector<SeqCursor> open;
  return lazy({&is_branch.value(), &children.value(), &args[2]},
              [is_branch, children, root = args[2], open = std::move(open), has_begun = false](
                  Call& c, Value& out) mutable {
                if (!has_begun) {
                  has_begun = true;
                  out = std::move(root);
                } else {
                  while (!open.empty() && !open.back().next(c, out)) open.pop_back();
                  if (open.empty()) return false;
                }
                if (is_branch(c, Value(out)).is_truthy()) {
                  c.charge(sizeof(SeqCursor));
                  open.emplace_back(children(c, Value(out)), "tree-seq");
                }
                return true;
              });
}

constexpr Native kSeqsTable[] = {
    {kCore, "seq", 1, 1, seq_fn, "A sequence of the elements, or nil when there are none."},
    {kCore, "first", 1, 1, first_fn, "The first element, or nil."},
    {kCore, "second", 1, 1, second, "The second element, or nil."},
    {kCore, "rest", 1, 1, rest_fn, "The elements after the first, perhaps none."},
    {kCore, "next", 1, 1, next_fn, "The elements after the first, or nil when there are none."},
    {kCore, "ffirst", 1, 1, ffirst, "The first element of the first element."},
    {kCore, "fnext", 1, 1, second, "The second element, or nil."},
    {kCore, "nfirst", 1, 1, nfirst, "The elements after the first of the first element, or nil."},
    {kCore, "nnext", 1, 1, nnext, "The elements after the second, or nil."},
    {kCore, "cons", 2, 2, cons_fn, "A sequence of the value and the elements after it."},
    {kCore, "count", 1, 1, count_fn, "The number of elements, entries or characters."},
    {kCore, "last", 1, 1, last, "The last element, or nil."},
    {kCore, "butlast", 1, 1, butlast, "The elements before the last, or nil."},
    {kCore, "nth", 2, 3, nth,
     "The element at the index; without a default, an error when there is none."},
    {kCore, "nthrest", 2, 2, nthrest, "The elements after n, perhaps none."},
    {kCore, "nthnext", 2, 2, nthnext, "The elements after n, or nil."},
    {kCore, "take-last", 2, 2, take_last, "The last n elements, or nil."},
    {kCore, "flatten", 1, 1, flatten,
     "The elements of nested vectors, lists and sequences, in one sequence."},
    {kCore, "tree-seq", 3, 3, tree_seq,
     "A lazy sequence of a tree's nodes, given branch? and children."},
};

}  // namespace

std::span<const Native> seqs_table() { return kSeqsTable; }

}  // namespace onyx::lang::core
