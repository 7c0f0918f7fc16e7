// A walk through a value, depth first, without recursion: what equality, order, hash and printing are made of.
//
// Shape:   next() gives leaf, open, close, … and done; value() is the value the event is about. Between the open and the
//          close of a map, keys and values alternate; of a tagged value, its one value comes.
// Order:   iteration: as the collection iterates. by_hash: maps and sets by the stable hash of key or element, so that
//          equal collections walk alike whatever their form. sorted: maps and sets by compare() of key or element.
// Thread:  a value; the walked value must outlive it.
#pragma once

#include <vector>

#include "common/edn/objects.h"

namespace onyx::edn {

class Walk {
 public:
  enum class Event : std::uint8_t { leaf, open, close, done };
  enum class Order : std::uint8_t { iteration, by_hash, sorted };

  explicit Walk(const Value& root, Order order) : order_(order), root_(&root) {}

  Event next();
  const Value& value() const { return *value_; }
  // After open: the next event is this collection's close.
  void skip();

 private:
  struct Frame {
    enum class Kind : std::uint8_t { elements, vector_trie, node, collision, record, cons, sorted };
    Kind kind;
    const Value*
        collection;        // closed when the frame ends; nullptr for a part of the collection below
    const Value* at;       // elements, vector_trie, node, collision: the next one
    const Value* end;      // elements, vector_trie: of the run
    const Object* object;  // vector_trie, record, cons
    std::size_t index;     // vector_trie, record, sorted: of what comes next
    std::uint32_t rest;    // node: bits of `present` not visited; collision: how many
    std::uint32_t children;  // node
    bool value_is_next;      // maps: the key went out, its value follows
    std::size_t start = 0;   // sorted: where its elements start in sorted_; they reach to its end
  };

  void open(const Value& collection);
  void push_node(const Value* collection, const Value& node);
  void push_sorted(const Value& collection);
  // The next element of the top frame; nullptr at its end, or when a part of it was pushed instead.
  const Value* step(bool& ended);

  Order order_;
  bool started_ = false;
  const Value* root_;
  const Value* value_ = nullptr;
  std::vector<Frame> frames_;
  std::vector<const Value*> sorted_;
};

}  // namespace onyx::edn
