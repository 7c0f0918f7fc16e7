#include "common/lang/sorted.h"

#include <fmt/format.h>

#include "common/lang/core/areas.h"
#include "common/lang/core/maps.h"

namespace onyx::lang::core {

namespace {

Value with_entries(Call& call, std::string_view function, Value map, std::span<Value> items) {
  if (items.size() % 2 != 0) {
    raise(ErrorClass::illegal_argument, fmt::format("{} needs a value for every key; {} has none",
                                                    function, describe(items.back())));
  }
  for (std::size_t i = 0; i < items.size(); i += 2) {
    call.step();
    map = as_sorted(map)->with(call, std::move(items[i]), std::move(items[i + 1]));
  }
  return map;
}

Value with_elements(Call& call, Value set, std::span<Value> items) {
  for (Value& item : items) {
    call.step();
    set = conjoin(call, std::move(set), std::move(item));
  }
  return set;
}

Value comparator_of(std::string_view function, Value value) {
  if (!is_callable(value)) raise_wrong_type(function, "a comparator, such as >", value);
  return value;
}

Value sorted_map(Call& call, Args args) {
  return with_entries(call, "sorted-map", Sorted::empty(edn::Kind::map, {}), args);
}
Value sorted_map_by(Call& call, Args args) {
  Value map = Sorted::empty(edn::Kind::map, comparator_of("sorted-map-by", std::move(args[0])));
  return with_entries(call, "sorted-map-by", std::move(map), args.subspan(1));
}
Value sorted_set(Call& call, Args args) {
  return with_elements(call, Sorted::empty(edn::Kind::set, {}), args);
}
Value sorted_set_by(Call& call, Args args) {
  Value set = Sorted::empty(edn::Kind::set, comparator_of("sorted-set-by", std::move(args[0])));
  return with_elements(call, std::move(set), args.subspan(1));
}

// --- subseq and rsubseq ---

// One of > >= < <=, which tells on which side of a key elements are, and whether the one at the key is among them.
struct Bound {
  bool is_from;  // > and >=
  bool is_inclusive;
};

Bound bound_of(std::string_view function, const Value& test) {
  if (const Function* f = as_function(test)) {
    if (f->name() == "clojure.core/>") return {true, false};
    if (f->name() == "clojure.core/>=") return {true, true};
    if (f->name() == "clojure.core/<") return {false, false};
    if (f->name() == "clojure.core/<=") return {false, true};
  }
  raise(ErrorClass::illegal_argument,
        fmt::format("{} needs one of < <= > >= as its test, got {}", function, describe(test)));
}

// Where the elements begin, or end, that the bound leaves.
std::size_t place_of(Call& call, const Sorted& sorted, Bound bound, const Value& key) {
  const std::size_t before = sorted.rank(call, key);
  const bool skips_key = bound.is_from != bound.is_inclusive;
  return before + (skips_key && sorted.find(call, key) != nullptr ? 1 : 0);
}

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// (subseq sorted test key) or (subseq sorted start-test start-key end-test end-key).
Range range_of(Call& call, std::string_view function, const Sorted& sorted, Args args) {
  Range range{0, sorted.count()};
  for (std::size_t i = 1; i < args.size(); i += 2) {
    const Bound bound = bound_of(function, args[i]);
    if (args.size() == 5 && bound.is_from != (i == 1)) {
      raise(ErrorClass::illegal_argument,
            fmt::format("{} needs > or >= for its start and < or <= for its end", function));
    }
    (bound.is_from ? range.begin : range.end) = place_of(call, sorted, bound, args[i + 1]);
  }
  return range;
}

enum class Direction : std::uint8_t { ascending, descending };

// Where nothing is left, Clojure gives nil if it has looked for the first element by a key, and found none; else ().
bool leaves_nil(Call& call, std::string_view function, const Sorted& sorted, Args args,
                Direction direction) {
  const bool is_ascending = direction == Direction::ascending;
  if (args.size() == 3) return bound_of(function, args[1]).is_from == is_ascending;
  if (is_ascending) return sorted.rank(call, args[2]) == sorted.count();
  return place_of(call, sorted, {false, true}, args[4]) == 0;
}

Value part(Call& call, std::string_view function, Args args, Direction direction) {
  if (args.size() == 4) raise_arity(function, args.size(), "3 or 5");
  const Value collection = std::move(args[0]);
  const Sorted* sorted = as_sorted(collection);
  if (sorted == nullptr) raise_wrong_type(function, "a sorted map or a sorted set", collection);
  const Range range = range_of(call, function, *sorted, args);
  std::vector<Value> items;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    call.step();
    const bool is_ascending = direction == Direction::ascending;
    keep(call, items, sorted->item(is_ascending ? i : range.end - 1 - (i - range.begin)));
  }
  if (!items.empty()) return Value::list(std::move(items));
  return leaves_nil(call, function, *sorted, args, direction) ? Value() : Value::list();
}

Value subseq(Call& call, Args args) { return part(call, "subseq", args, Direction::ascending); }
Value rsubseq(Call& call, Args args) { return part(call, "rsubseq", args, Direction::descending); }

constexpr Native kSortedTable[] = {
    {kCore, "sorted-map", 0, kVariadic, sorted_map,
     "A map of the keys and values given in turn, in the order of its keys."},
    {kCore, "sorted-map-by", 1, kVariadic, sorted_map_by,
     "A sorted map whose order is the comparator's."},
    {kCore, "sorted-set", 0, kVariadic, sorted_set, "A set of the values, in their order."},
    {kCore, "sorted-set-by", 1, kVariadic, sorted_set_by,
     "A sorted set whose order is the comparator's."},
    {kCore, "subseq", 3, 5, subseq,
     "The elements of the sorted collection whose keys are < <= > or >= the key, or between two."},
    {kCore, "rsubseq", 3, 5, rsubseq, "As subseq, last first."},
};

}  // namespace

std::span<const Native> sorted_table() { return kSortedTable; }

}  // namespace onyx::lang::core
