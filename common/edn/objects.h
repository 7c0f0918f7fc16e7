// What Values point to, and the key to a Value's private parts: for the files of this folder only.
//
// Shape:   every object is a head followed by Values that lie side by side, whatever its form; parts() gives them.
//          That is what makes cloning, destroying and walking one piece of code each.
//
//            map     Record: values | Trie: root            node: TrieNode (slots of 2: key, value or child, nil)
//            set     Trie: root                             node: TrieNode (slots of 1: element or child)
//            vector  Block: up to kWidth elements | VectorTrie: root, tail      node: Block of Blocks
//            list    Cons: first, rest (nil: none) | an empty one
//            tagged  value
//
//          Inner nodes sit in their parents as Values of the collection's own tag.
#pragma once

#include <algorithm>
#include <new>

#include "common/base/pool.h"
#include "common/edn/shape.h"
#include "common/edn/value.h"

namespace onyx::edn {

inline constexpr std::uint32_t kWidth = 32;
inline constexpr std::uint16_t kDepthMax = 65'535;
inline constexpr std::uint16_t kRecursionMax =
    128;  // deeper values are walked with a stack of our own

namespace form {
inline constexpr std::uint8_t kRecord = 0, kTrie = 1, kNode = 2, kCollision = 3;  // map, set
inline constexpr std::uint8_t kBlock = 0, kVectorTrie = 1;                        // vector
inline constexpr std::uint8_t kCons = 0, kEmptyList = 1;                          // list
}  // namespace form

struct LongString : Object {
  std::uint64_t length;
  char* text() noexcept { return reinterpret_cast<char*>(this + 1); }
};

struct RatioObject : Object {
  std::int64_t numerator, denominator;
};

struct UuidObject : Object {
  Uuid bytes;
};

struct TaggedObject : Object {
  const Name* tag;
  Value value;
};

struct Cons : Object {
  std::uint64_t count;
  Value first, rest;
};

struct EmptyList : Object {
  std::uint64_t count;  // 0, where Cons has it
};

struct Block : Object {
  std::uint32_t count, capacity;
  Value* values() noexcept { return reinterpret_cast<Value*>(this + 1); }
};

struct VectorTrie : Object {
  std::uint32_t shift;  // of the root's index bits: 5, 10, …
  std::uint64_t count;  // > kWidth
  Value root, tail;     // the tail holds the last 1 … kWidth elements
};

struct Trie : Object {
  std::uint64_t count;
  Value root;  // nil when empty
};

// Bit i of `present`: a slot for the hash digit i; of `children`: that slot is a node one digit further down. A
// collision node holds keys of one hash in the order of compare(); there `present` counts them.
struct TrieNode : Object {
  std::uint32_t present, children;
  Value* slots() noexcept { return reinterpret_cast<Value*>(this + 1); }
};

static_assert(sizeof(Block) == 16 && sizeof(TrieNode) == 16 && sizeof(LongString) == 16);

class ValueAccess {
 public:
  using Tag = Value::Tag;

  static Tag tag(const Value& v) { return v.tag(); }
  static bool is_object(const Value& v) { return v.is_object(); }
  static bool is_leaf(const Value& v) { return !v.is_object() || is_leaf(v.tag()); }
  static bool is_leaf(Tag tag) { return tag < Tag::list || tag == Tag::extension; }
  static Object* raw(const Value& v) { return v.bits_.wide.object; }
  template <class T>
  static T* object(const Value& v) {
    return static_cast<T*>(v.bits_.wide.object);
  }
  static Value adopt(Tag tag, Object* object) { return Value::adopt(tag, object); }
  // The reference moves out; `v` is nil afterwards.
  static Object* take(Value& v) {
    Object* object = v.bits_.wide.object;
    v.zero(Tag::nil);
    return object;
  }
  // Drops this reference without destroying; true when it was the last, and the object the caller's.
  static bool unlink(Value& v) {
    Object* object = take(v);
    return object->references.load(std::memory_order_acquire) == 1 ||
           object->references.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
};
using Tag = ValueAccess::Tag;

inline bool is_unique(const Object* object) {
  return object->references.load(std::memory_order_acquire) == 1;
}

struct Parts {
  Value* values;
  std::size_t count;
  std::size_t bytes;  // of the whole object, as allocated
};
Parts parts(Tag tag, Object* object);

template <class T>
T* allocate(std::size_t values = 0) {
  return new (pool_allocate(sizeof(T) + values * sizeof(Value))) T;
}

// A second object with the same content; its elements gain a reference each.
Object* clone(Tag tag, Object* object);

// Makes `v` the only holder of its object, by copying it if need be.
inline void make_unique(Value& v) {
  if (!v.is_unique()) {
    v = ValueAccess::adopt(ValueAccess::tag(v), clone(ValueAccess::tag(v), ValueAccess::raw(v)));
  }
}

inline std::uint16_t depth_above(const Value& element) {
  const std::uint16_t d = element.depth();
  return d == kDepthMax ? d : static_cast<std::uint16_t>(d + 1);
}
inline void deepen(Object* object, const Value& element) {
  object->depth = std::max(object->depth, depth_above(element));
}

// --- maps ---
// Of key, value, key, value …, moved out. `duplicate` gets the index among the keys of the first key that repeats an
// earlier one, and of that one; the later value wins.
struct Duplicate {
  std::size_t first, second;
};
Value map_from(std::span<Value> keys_and_values, std::optional<Duplicate>* duplicate);
Value set_from(std::span<Value> elements, std::optional<Duplicate>* duplicate);

// --- vectors ---
// The run of elements around `index` that lie side by side in a vector's trie.
struct Run {
  Value* first;
  std::size_t count;
};
Run run_at(const VectorTrie* trie, std::size_t index);
Value vector_conj(Value vector, Value item);
Value vector_pop(Value vector);

// --- lists and sets ---
Value list_conj(Value list, Value item);
Value set_conj(Value set, Value item);

}  // namespace onyx::edn
