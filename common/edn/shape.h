// The keys of a small map, shared by every map that has the same keys in the same order.
//
// Shape:   up to kShapeKeysMax keys, keywords or strings, in insertion order. Interned: two maps with the same keys in
//          the same order have the same Shape pointer, which is what inline caches compare.
// Thread:  any; a Shape never changes and lives as long as the process. Transitions are cached without a lock on the
//          reading side.
// Errors:  at most kShapesMax shapes exist; past that, with() and of() give nullptr and the map becomes a trie.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/edn/value.h"

namespace onyx::edn {

inline constexpr std::uint32_t kShapeKeysMax = 64;
inline constexpr std::uint32_t kShapesMax = 65'536;

class Shape {
 public:
  static const Shape* empty();
  // The shape with these distinct keys, or nullptr when a key is neither keyword nor string or a limit is hit.
  static const Shape* of(std::span<const Value> keys);

  std::uint32_t size() const { return size_; }
  const Value& key(std::uint32_t slot) const { return keys_[slot]; }
  std::span<const Value> keys() const { return {keys_, size_}; }

  // The slot of `key`, or -1.
  int find(const Value& key) const;
  int find_keyword(const Name* name) const;

  // This shape with one more key at the end (which it must not have), or nullptr at a limit.
  const Shape* with(const Value& key) const;
  // This shape without the key at `slot`; never nullptr.
  const Shape* without(std::uint32_t slot) const;

 private:
  friend class ShapeTable;
  Shape() = default;

  std::uint32_t size_ = 0;
  const Value* keys_ = nullptr;
  struct Transition {
    Value key;
    const Shape* to;
    const Transition* next;
  };
  mutable std::atomic<const Transition*> transitions_{nullptr};  // push-only list
};

}  // namespace onyx::edn
