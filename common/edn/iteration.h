// Ranges over the elements of a collection, in its iteration order.
//
// Shape:   Entries over a map, Items over a list, vector or set. Made by Value::entries() and Value::items(); they borrow
//          from the value unless that was an rvalue. Stepping is a pointer increment within a record, a vector's leaf,
//          a small vector.
// Thread:  that of the value; changing the value while one is in use is an error.
#pragma once

#include <iterator>

#include "common/edn/value.h"

namespace onyx::edn {

struct TrieNode;

// Walks the slots of a hash trie. Internal to the two ranges.
class TrieCursor {
 public:
  TrieCursor() noexcept = default;
  TrieCursor(const TrieCursor& other) noexcept { *this = other; }
  TrieCursor& operator=(const TrieCursor& other) noexcept;

  void start(const Value& root, std::uint32_t stride);
  // The next key or element, nullptr after the last.
  const Value* next();

 private:
  static constexpr int kLevels = 14;  // 13 digits of the hash, and the collision node below them
  struct Level {
    const Value* slot;
    std::uint32_t rest;  // bits not yet visited; in a collision node, how many
    std::uint32_t children;
  };
  void push(const Value& node);

  int top_ = -1;
  std::uint32_t stride_ = 1;
  Level levels_[kLevels];
};

class Entries {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::input_iterator_tag;
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Entry;

    Iterator() = default;
    Entry operator*() const { return {*key_, *value_}; }
    Iterator& operator++() {
      ++key_;
      ++value_;
      if (key_ == end_) step();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& a, std::default_sentinel_t) { return a.key_ == nullptr; }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.key_ == b.key_; }

   private:
    friend class Entries;
    void step();

    const Value* key_ = nullptr;
    const Value* value_ = nullptr;
    const Value* end_ = nullptr;
    TrieCursor cursor_;
  };

  explicit Entries(const Value& map) : map_(&map) {}
  explicit Entries(Value&& map) : owner_(std::move(map)), map_(nullptr) {}

  Iterator begin() const;
  std::default_sentinel_t end() const { return {}; }
  std::size_t size() const { return map().count(); }
  bool empty() const { return size() == 0; }

 private:
  const Value& map() const { return map_ != nullptr ? *map_ : owner_; }

  Value owner_;
  const Value* map_;
};

class Items {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = const Value*;
    using reference = const Value&;

    Iterator() = default;
    const Value& operator*() const { return *current_; }
    const Value* operator->() const { return current_; }
    Iterator& operator++() {
      if (++current_ == end_) step();
      return *this;
    }
    Iterator operator++(int) {
      Iterator old = *this;
      ++*this;
      return old;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) {
      return a.current_ == b.current_;
    }
    friend bool operator==(const Iterator& a, std::default_sentinel_t) {
      return a.current_ == nullptr;
    }

   private:
    friend class Items;
    void step();

    const Value* current_ = nullptr;
    const Value* end_ = nullptr;
    const Object* source_ =
        nullptr;             // where the next run comes from: a vector's trie, the rest of a list
    std::size_t index_ = 0;  // of the next run's first element in a vector's trie
    enum class Source : std::uint8_t { none, vector_trie, list, trie } from_ = Source::none;
    TrieCursor cursor_;
  };

  explicit Items(const Value& collection) : collection_(&collection) {}
  explicit Items(Value&& collection) : owner_(std::move(collection)), collection_(nullptr) {}

  Iterator begin() const;
  Iterator end() const { return {}; }
  std::size_t size() const { return collection().count(); }
  bool empty() const { return size() == 0; }

 private:
  const Value& collection() const { return collection_ != nullptr ? *collection_ : owner_; }

  Value owner_;
  const Value* collection_;
};

}  // namespace onyx::edn
