#include <algorithm>
#include <deque>
#include <iterator>
#include <optional>

#include "common/lang/core/areas.h"
#include "common/lang/core/lazy.h"
#include "common/lang/core/transducers.h"

namespace onyx::lang::core {

namespace {

// --- map, over one collection or several in step ---

std::vector<SeqCursor> cursors_of(Args collections, std::string_view function) {
  std::vector<SeqCursor> cursors;
  cursors.reserve(collections.size());
  for (const Value& collection : collections) cursors.emplace_back(collection, function);
  return cursors;
}

// The deepest of the values that a producer will keep: one stands for all.
const Value& deepest(Args values) {
  const Value* result = &values[0];
  for (const Value& value : values) {
    if ((value.depth() & ~kLazyDepth) > (result->depth() & ~kLazyDepth)) result = &value;
  }
  return *result;
}

// One element of each collection, or false when one has ended.
bool next_of_all(Call& call, std::vector<SeqCursor>& cursors, std::vector<Value>& out) {
  out.resize(cursors.size());
  for (std::size_t i = 0; i < cursors.size(); ++i) {
    if (!cursors[i].next(call, out[i])) return false;
  }
  return true;
}

std::unique_ptr<Producer> mapping(Value f, Args collections, std::string_view function) {
  const Callee callee(std::move(f));
  if (collections.size() == 1) {
    return producer(
        {&callee.value(), &collections[0]},
        [callee, cursor = SeqCursor(collections[0], function)](Call& c, Value& out) mutable {
          Value item;
          if (!cursor.next(c, item)) return false;
          out = callee(c, std::move(item));
          return true;
        });
  }
  return producer(
      {&callee.value(), &deepest(collections)},
      [callee, cursors = cursors_of(collections, function)](Call& c, Value& out) mutable {
        std::vector<Value> items;
        if (!next_of_all(c, cursors, items)) return false;
        out = callee.apply(c, items);
        return true;
      });
}

Value map(Call&, Args args) {
  if (args.size() == 1) return map_transducer(std::move(args[0]));
  return Sequence::make(mapping(std::move(args[0]), args.subspan(1), "map"));
}

Value mapv(Call& call, Args args) {
  std::vector<Value> items;
  const Callee f(std::move(args[0]));
  if (args.size() == 2) {
    if (args[1].is_vector() || args[1].is_list()) items.reserve(args[1].count());
    SeqCursor cursor(std::move(args[1]), "mapv");
    Value item;
    while (cursor.next(call, item)) keep(call, items, f(call, std::move(item)));
  } else {
    std::vector<SeqCursor> cursors = cursors_of(args.subspan(1), "mapv");
    std::vector<Value> inputs;
    while (next_of_all(call, cursors, inputs)) keep(call, items, f.apply(call, inputs));
  }
  return Value::vector(std::move(items));
}

// --- concatenation ---

// The elements of each collection that `outer` gives.
Value concatenated(const Value& held, std::unique_ptr<Producer> outer, std::string_view function) {
  std::optional<SeqCursor> inner;
  return lazy({&held}, [outer = std::move(outer), inner = std::move(inner), function](
                           Call& c, Value& out) mutable {
    for (;;) {
      if (inner && inner->next(c, out)) return true;
      Value collection;
      if (!outer->next(c, collection)) return false;
      inner.emplace(std::move(collection), function);
    }
  });
}

Value concat(Call&, Args args) {
  if (args.empty()) return Value::list();
  std::deque<Value> collections(std::make_move_iterator(args.begin()),
                                std::make_move_iterator(args.end()));
  for (const Value& collection : collections) {
    if (!is_seqable(collection)) raise_wrong_type("concat", "collections", collection);
  }
  Value held;
  for (const Value& collection : collections) {
    if ((collection.depth() & ~kLazyDepth) >= (held.depth() & ~kLazyDepth)) held = collection;
  }
  auto outer = producer({&held}, [collections = std::move(collections)](Call&, Value& out) mutable {
    if (collections.empty()) return false;
    out = std::move(collections.front());
    collections.pop_front();
    return true;
  });
  return concatenated(held, std::move(outer), "concat");
}

Value mapcat(Call&, Args args) {
  if (args.size() == 1) return mapcat_transducer(std::move(args[0]));
  const Value held = deepest(args);
  return concatenated(held, mapping(std::move(args[0]), args.subspan(1), "mapcat"), "mapcat");
}

// --- choosing elements ---

// A lazy sequence of what `choose(call, item, out)` answers true for.
template <class Choose>
Value chosen(const Value& f, const Value& collection, std::string_view function, Choose choose) {
  return lazy({&f, &collection}, [cursor = SeqCursor(collection, function),
                                  choose = std::move(choose)](Call& c, Value& out) mutable {
    Value item;
    while (cursor.next(c, item)) {
      if (choose(c, item, out)) return true;
    }
    return false;
  });
}

Value filtered(Args args, std::string_view function, bool wanted) {
  const Callee f(std::move(args[0]));
  return chosen(f.value(), args[1], function, [f, wanted](Call& c, Value& item, Value& out) {
    if (f(c, Value(item)).is_truthy() != wanted) return false;
    out = std::move(item);
    return true;
  });
}

Value filter(Call&, Args args) {
  if (args.size() == 1) return filter_transducer(std::move(args[0]));
  return filtered(args, "filter", true);
}

Value remove(Call&, Args args) {
  if (args.size() == 1) return remove_transducer(std::move(args[0]));
  return filtered(args, "remove", false);
}

Value filterv(Call& call, Args args) {
  const Callee f(std::move(args[0]));
  SeqCursor cursor(std::move(args[1]), "filterv");
  std::vector<Value> items;
  Value item;
  while (cursor.next(call, item)) {
    if (f(call, Value(item)).is_truthy()) keep(call, items, std::move(item));
  }
  return Value::vector(std::move(items));
}

Value keep_fn(Call&, Args args) {
  if (args.size() == 1) return keep_transducer(std::move(args[0]));
  const Callee f(std::move(args[0]));
  return chosen(f.value(), args[1], "keep", [f](Call& c, Value& item, Value& out) {
    out = f(c, std::move(item));
    return !out.is_nil();
  });
}

Value keep_indexed(Call&, Args args) {
  if (args.size() == 1) return keep_indexed_transducer(std::move(args[0]));
  const Callee f(std::move(args[0]));
  return chosen(f.value(), args[1], "keep-indexed",
                [f, index = std::int64_t{0}](Call& c, Value& item, Value& out) mutable {
                  out = f(c, Value::integer(index++), std::move(item));
                  return !out.is_nil();
                });
}

Value map_indexed(Call&, Args args) {
  if (args.size() == 1) return map_indexed_transducer(std::move(args[0]));
  const Callee f(std::move(args[0]));
  return chosen(f.value(), args[1], "map-indexed",
                [f, index = std::int64_t{0}](Call& c, Value& item, Value& out) mutable {
                  out = f(c, Value::integer(index++), std::move(item));
                  return true;
                });
}

Value distinct(Call&, Args args) {
  if (args.empty()) return distinct_transducer();
  return chosen(Value(), args[0], "distinct",
                [seen = Value::set()](Call& c, Value& item, Value& out) mutable {
                  Value key = key_of(c, item);
                  if (seen.find(key) != nullptr) return false;
                  seen = std::move(seen).conj(std::move(key));
                  out = std::move(item);
                  return true;
                });
}

Value dedupe(Call&, Args args) {
  if (args.empty()) return dedupe_transducer();
  return chosen(Value(), args[0], "dedupe",
                [last = std::optional<Value>()](Call& c, Value& item, Value& out) mutable {
                  if (last && equal(c, *last, item)) return false;
                  last = item;
                  out = std::move(item);
                  return true;
                });
}

Value take_nth(Call&, Args args) {
  const std::int64_t n = whole_of("take-nth", args[0]);
  if (n <= 0) raise(ErrorClass::illegal_argument, "take-nth needs a number above 0");
  if (args.size() == 1) return take_nth_transducer(n);
  return chosen(Value(), args[1], "take-nth",
                [n, at = std::int64_t{0}](Call&, Value& item, Value& out) mutable {
                  if (at++ % n != 0) return false;
                  out = std::move(item);
                  return true;
                });
}

// --- from the front ---

Value take(Call&, Args args) {
  const std::int64_t n = whole_of("take", args[0]);
  if (args.size() == 1) return take_transducer(n);
  if (!is_seqable(args[1])) raise_wrong_type("take", "a collection", args[1]);
  if (n <= 0) return Value::list();
  return lazy({&args[1]},
              [cursor = SeqCursor(args[1], "take"), left = n](Call& c, Value& out) mutable {
                return left-- > 0 && cursor.next(c, out);
              });
}

Value take_while(Call&, Args args) {
  if (args.size() == 1) return take_while_transducer(std::move(args[0]));
  const Callee f(std::move(args[0]));
  return lazy({&f.value(), &args[1]},
              [f, cursor = SeqCursor(args[1], "take-while")](Call& c, Value& out) mutable {
                return cursor.next(c, out) && f(c, Value(out)).is_truthy();
              });
}

Value drop(Call&, Args args) {
  const std::int64_t n = whole_of("drop", args[0]);
  if (args.size() == 1) return drop_transducer(n);
  return lazy({&args[1]},
              [cursor = SeqCursor(args[1], "drop"), left = n](Call& c, Value& out) mutable {
                for (; left > 0; --left) {
                  if (!cursor.next(c, out)) return false;
                }
                return cursor.next(c, out);
              });
}

Value drop_while(Call&, Args args) {
  if (args.size() == 1) return drop_while_transducer(std::move(args[0]));
  const Callee f(std::move(args[0]));
  return lazy({&f.value(), &args[1]}, [f, cursor = SeqCursor(args[1], "drop-while"),
                                       is_dropping = true](Call& c, Value& out) mutable {
    while (cursor.next(c, out)) {
      if (!is_dropping || !f(c, Value(out)).is_truthy()) {
        is_dropping = false;
        return true;
      }
    }
    return false;
  });
}

Value drop_last(Call&, Args args) {
  const std::int64_t n = args.size() == 2 ? whole_of("drop-last", args[0]) : 1;
  return lazy({&args.back()}, [cursor = SeqCursor(args.back(), "drop-last"), n,
                               ahead = std::deque<Value>()](Call& c, Value& out) mutable {
    Value item;
    while (static_cast<std::int64_t>(ahead.size()) <= std::max<std::int64_t>(n, 0)) {
      if (!cursor.next(c, item)) return false;
      c.charge(sizeof(Value));
      c.check_length(ahead.size());
      ahead.push_back(std::move(item));
    }
    out = std::move(ahead.front());
    ahead.pop_front();
    return true;
  });
}

// --- mixing ---

Value interleave(Call&, Args args) {
  if (args.empty()) return Value::list();
  return lazy({&deepest(args)},
              [cursors = cursors_of(args, "interleave"), round = std::vector<Value>(),
               at = std::size_t{0}](Call& c, Value& out) mutable {
                if (at == round.size()) {
                  at = 0;
                  if (!next_of_all(c, cursors, round)) return false;
                }
                out = std::move(round[at++]);
                return true;
              });
}

Value interpose(Call&, Args args) {
  if (args.size() == 1) return interpose_transducer(std::move(args[0]));
  return lazy({&args[0], &args[1]}, [separator = args[0], cursor = SeqCursor(args[1], "interpose"),
                                     item = Value(), state = 0](Call& c, Value& out) mutable {
    if (state == 2) {
      state = 1;
      out = std::move(item);
      return true;
    }
    if (!cursor.next(c, item)) return false;
    if (state == 0) {
      state = 1;
      out = std::move(item);
    } else {
      state = 2;
      out = separator;
    }
    return true;
  });
}

constexpr Native kLazySeqsTable[] = {
    {kCore, "map", 1, kVariadic, map,
     "A lazy sequence of f of each element, or of the elements of several collections in step; a "
     "transducer without a collection."},
    {kCore, "mapv", 2, kVariadic, mapv, "A vector of f of each element."},
    {kCore, "mapcat", 1, kVariadic, mapcat,
     "The elements of all collections that f gives; a transducer without a collection."},
    {kCore, "map-indexed", 1, 2, map_indexed,
     "A lazy sequence of (f index element); a transducer without a collection."},
    {kCore, "keep", 1, 2, keep_fn,
     "A lazy sequence of what f gives, without nil; a transducer without a collection."},
    {kCore, "keep-indexed", 1, 2, keep_indexed,
     "A lazy sequence of (f index element), without nil; a transducer without a collection."},
    {kCore, "filter", 1, 2, filter,
     "A lazy sequence of the elements for which f is true; a transducer without a collection."},
    {kCore, "filterv", 2, 2, filterv, "A vector of the elements for which f is true."},
    {kCore, "remove", 1, 2, remove,
     "A lazy sequence of the elements for which f is false; a transducer without a collection."},
    {kCore, "concat", 0, kVariadic, concat,
     "A lazy sequence of the collections' elements, one collection after the other."},
    {kCore, "distinct", 0, 1, distinct,
     "A lazy sequence without repetitions; a transducer without a collection."},
    {kCore, "dedupe", 0, 1, dedupe,
     "A lazy sequence without repetitions in a row; a transducer without a collection."},
    {kCore, "take", 1, 2, take,
     "A lazy sequence of the first n elements; a transducer without a collection."},
    {kCore, "take-while", 1, 2, take_while,
     "A lazy sequence of the elements before the first for which f is false; a transducer without "
     "a collection."},
    {kCore, "take-nth", 1, 2, take_nth,
     "A lazy sequence of every nth element; a transducer without a collection."},
    {kCore, "drop", 1, 2, drop,
     "A lazy sequence without the first n elements; a transducer without a collection."},
    {kCore, "drop-while", 1, 2, drop_while,
     "A lazy sequence from the first element for which f is false; a transducer without a "
     "collection."},
    {kCore, "drop-last", 1, 2, drop_last,
     "A lazy sequence without the last n elements, 1 unless given."},
    {kCore, "interleave", 0, kVariadic, interleave,
     "A lazy sequence of the first element of each collection, then the second …"},
    {kCore, "interpose", 1, 2, interpose,
     "A lazy sequence of the elements with the separator between; a transducer without a "
     "collection."},
};

}  // namespace

std::span<const Native> lazy_seqs_table() { return kLazySeqsTable; }

}  // namespace onyx::lang::core
