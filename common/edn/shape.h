// The keys of a small map, shared by every map that has the same keys in the same order.
//
// Shape:   up to kShapeKeysMax keys, keywords or strings, in insertion order. Interned: two maps with the same keys in
//          the same order have the same Shape pointer, which is what inline caches compare.
// Thread:  any; a Shape never changes and lives as long as the process. Transitions are cached without a lock on the
//          reading side.
//          The table of shapes takes a lock to add one, a memo that no result depends on: the folder's one exception
//          to purity, together with name.cpp.
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
  // This shape without the key at `slot`; never nullptr (it may go past kShapesMax; has_room() tells).
  const Shape* without(std::uint32_t slot) const;

  // The slots in the order of their keys' stable hashes: the order in which maps of any form compare.
  std::span<const std::uint8_t> by_hash() const { return {by_hash_, size_}; }

  static bool has_room();

 private:
  friend class ShapeTable;
  struct Transition;
  struct Transitions;
  static constexpr std::uint32_t kLinearMax = 8;

  Shape() = default;
  int find_indexed(const Value& key) const;
  int find_other(const Value& key) const;
  const Shape* known_transition(const Value& key, std::uint64_t hash) const;

  std::uint32_t size_ = 0;
  std::uint32_t index_mask_ = 0;
  const Value* keys_ = nullptr;
  const Name* const* names_ = nullptr;  // of the keywords among keys_, nullptr for strings
  const std::uint8_t* by_hash_ = nullptr;
  const std::uint8_t* index_ = nullptr;  // slot + 1 by hash of the key, from kLinearMax + 1 keys on
  const Shape* parent_ = nullptr;        // without the last key
  // Only grow; read without a lock, written under the table's.
  mutable std::atomic<const Transitions*> transitions_{nullptr};
  mutable std::atomic<const Shape*>* removals_ = nullptr;  // by slot
};

inline int Shape::find_keyword(const Name* name) const {
  if (size_ > kLinearMax) return find_indexed(Value::keyword(name));
  for (std::uint32_t i = 0; i < size_; ++i) {
    if (names_[i] == name) return static_cast<int>(i);
  }
  return -1;
}

inline int Shape::find(const Value& key) const {
  return key.is_keyword() ? find_keyword(key.name()) : find_other(key);
}

}  // namespace onyx::edn
