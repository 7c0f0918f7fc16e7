// Lazy sequences, and one way to walk everything that Clojure can walk.
//
// Shape:   a Sequence is a chain of cells; each is made at most once, from a Producer, and remembered. Whatever holds a
//          Sequence has kLazyDepth in its depth, so is_plain() answers without looking inside.
//          Seqable: nil, list, vector, map (its entries as vectors of two), set, string (its characters), Sequence, Sorted.
// Thread:  a Sequence belongs to the evaluation that made it: realise() turns sequences into lists before a value leaves.
// Limits:  each element taken is a step; a chain longer than Limits::sequence_length ends the call.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "common/edn/value.h"
#include "common/lang/call.h"

namespace onyx::lang {

// No lazy sequence and nothing sorted anywhere in it: the functions of common/edn (==, hash, compare, print) see its whole content.
inline bool is_plain(const Value& value) { return value.depth() < kLazyDepth; }

// Where the elements of a lazy sequence come from.
class Producer {
 public:
  virtual ~Producer() = default;
  // The next element into `out`; false at the end, after which it is not called again. A Thrown from here is
  // remembered and thrown again at the same place.
  virtual bool next(Call& call, Value& out) = 0;

  std::uint16_t depth() const { return depth_; }

 protected:
  // To be told of every Value that the producer keeps (source collections, functions).
  void holds(const Value& value) {
    const auto levels = static_cast<std::uint16_t>((value.depth() & ~kLazyDepth) + 1);
    if (levels > depth_) depth_ = levels;
  }

 private:
  std::uint16_t depth_ = 1;
};

class Sequence final : public edn::Extension {
 public:
  static Value make(std::unique_ptr<Producer> producer);
  // The elements of what `thunk`, a function without parameters, returns; it is called when the first one is asked for.
  static Value lazy(Value thunk);
  ~Sequence() override;

  std::string_view type_name() const override { return "sequence"; }
  void print(std::string& out) const override;  // #<sequence>: print realised values instead

  // Makes this cell, if it is not there yet.
  bool is_empty(Call& call);
  const Value& first(Call& call);  // not empty
  const Value& rest(Call& call);   // not empty; a list or a Sequence, perhaps empty

 private:
  friend class SeqCursor;
  friend Value cons(Call& call, Value head, Value tail);
  enum class State : std::uint8_t { pending, busy, cell, empty, failed };

  Sequence();
  void force(Call& call);

  State state_ = State::pending;
  std::uint64_t index_ = 0;             // how many elements came before this cell
  std::unique_ptr<Producer> producer_;  // pending or busy, unless made by lazy()
  Value head_;  // cell; the exception of a failed one; a pending one's thunk
  Value tail_;  // cell
};

// The Sequence behind a value, or nullptr.
Sequence* as_sequence(const Value& value);

bool is_seqable(const Value& value);

// Walks a seqable once. Elements of a lazy sequence that nobody else holds are not remembered, so walking it costs no
// memory. The cursor may be kept inside a Producer.
class SeqCursor {
 public:
  // `function` is named in the error when the value is not seqable: "map needs a collection, got 7".
  SeqCursor(Value collection, std::string_view function);
  SeqCursor(SeqCursor&&) noexcept;
  SeqCursor& operator=(SeqCursor&&) noexcept;
  ~SeqCursor();

  bool next(Call& call, Value& out);
  // What next() has not given yet, as a list or Sequence; the cursor is used up.
  Value rest();

 private:
  enum class Source : std::uint8_t {
    none,
    list,
    vector,
    elements,
    sorted,
    string,
    cells,
    producer
  };
  struct Elements;  // a place within a map or set

  Source source_ = Source::none;
  std::size_t index_ = 0;
  Value collection_;
  std::unique_ptr<Producer> producer_;
  std::unique_ptr<Elements> elements_;
};

// Clojure's functions of the same names. seq gives nil for an empty one; rest gives () at the end, next gives nil.
Value seq(Call& call, Value collection);
Value first(Call& call, const Value& collection);
Value rest(Call& call, Value collection);
Value next(Call& call, Value collection);
Value cons(Call& call, Value head, Value tail);

// A lazy view of a seqable, without looking at it: a Sequence, or the value itself when it is a list.
Value lazily(Value collection, std::string_view function);

// Every element, within the limits.
std::vector<Value> collect(Call& call, Value collection, std::string_view function);
std::size_t count(Call& call, const Value& collection);

// The value with every sequence in it, at any depth, turned into a list, and what is sorted into a plain map or set. Plain
// values come back untouched.
Value realise(Call& call, Value value);
// The same, but sorted maps and sets stay what they are.
Value realise_sequences(Call& call, Value value);

}  // namespace onyx::lang
