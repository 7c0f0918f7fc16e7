// An ordered map of records that hold their own key: copied in one step, changed in place while nobody else holds it.
//
// Shape:   two levels: a directory of leaves of up to kLeafMax records, each record in a box of its own. A change to a
//          copy clones one directory, one leaf of pointers and one record; a change to an unshared map clones nothing.
//          V has `key()`; iteration is in the order of keys, and so the same on every machine.
// Units:   find, edit, insert, erase: O(log n) comparisons, plus O(n / kLeafMax) pointer moves when a leaf splits or
//          empties and on the first change after a copy.
// Thread:  a map object belongs to one thread; copies of it may be read by others meanwhile.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

#include "daemon/replica/cow.h"

namespace onyx::replica {

template <class V>
class OrderedMap {
 public:
  using Key = std::remove_cvref_t<decltype(std::declval<const V&>().key())>;

 private:
  static constexpr std::size_t kLeafMax = 64;
  struct Leaf {
    std::vector<Cow<V>> records;  // never empty; ascending by key
  };
  struct Directory {
    std::vector<Cow<Leaf>> leaves;  // ascending
    std::size_t size = 0;
  };

 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = V;
    using difference_type = std::ptrdiff_t;
    using pointer = const V*;
    using reference = const V&;

    Iterator() = default;
    Iterator(const Directory* directory, std::size_t leaf, std::size_t index)
        : directory_(directory), leaf_(leaf), index_(index) {}
    const V& operator*() const { return *directory_->leaves[leaf_]->records[index_]; }
    const V* operator->() const { return &**this; }
    Iterator& operator++() {
      if (++index_ == directory_->leaves[leaf_]->records.size()) {
        ++leaf_;
        index_ = 0;
      }
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const = default;

   private:
    const Directory* directory_ = nullptr;
    std::size_t leaf_ = 0;
    std::size_t index_ = 0;
  };

  std::size_t size() const { return directory_->size; }
  bool empty() const { return size() == 0; }
  Iterator begin() const { return {&*directory_, 0, 0}; }
  Iterator end() const { return {&*directory_, directory_->leaves.size(), 0}; }

  const V* find(const Key& key) const {
    const auto [leaf, index, found] = locate(key);
    return found ? &*directory_->leaves[leaf]->records[index] : nullptr;
  }
  bool contains(const Key& key) const { return find(key) != nullptr; }

  // For changing a record, but never its key; nullptr when there is none.
  V* edit(const Key& key) {
    const auto [leaf, index, found] = locate(key);
    if (!found) return nullptr;
    return &directory_.edit().leaves[leaf].edit().records[index].edit();
  }

  // Puts the record in, in place of one with the same key.
  void put(V record) {
    auto [leaf, index, found] = locate(record.key());
    Directory& directory = directory_.edit();
    if (found) {
      directory.leaves[leaf].edit().records[index] = Cow<V>(std::move(record));
      return;
    }
    if (directory.leaves.empty()) directory.leaves.emplace_back();
    auto& records = directory.leaves[leaf].edit().records;
    records.insert(records.begin() + static_cast<std::ptrdiff_t>(index), Cow<V>(std::move(record)));
    ++directory.size;
    if (records.size() > kLeafMax) split(directory, leaf);
  }

  bool erase(const Key& key) {
    const auto [leaf, index, found] = locate(key);
    if (!found) return false;
    Directory& directory = directory_.edit();
    auto& records = directory.leaves[leaf].edit().records;
    records.erase(records.begin() + static_cast<std::ptrdiff_t>(index));
    if (records.empty()) {
      directory.leaves.erase(directory.leaves.begin() + static_cast<std::ptrdiff_t>(leaf));
    }
    --directory.size;
    return true;
  }

  friend bool operator==(const OrderedMap& a, const OrderedMap& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
  }

 private:
  struct Found {
    std::size_t leaf;
    std::size_t index;
    bool found;
  };

  // Where the key is, or where it would be put: in the last leaf whose first key is not above it.
  Found locate(const Key& key) const {
    const auto& leaves = directory_->leaves;
    if (leaves.empty()) return {0, 0, false};
    const auto after = std::upper_bound(
        leaves.begin(), leaves.end(), key,
        [](const Key& k, const Cow<Leaf>& leaf) { return k < leaf->records.front()->key(); });
    const auto leaf =
        static_cast<std::size_t>(after == leaves.begin() ? 0 : after - leaves.begin() - 1);
    const auto& records = leaves[leaf]->records;
    const auto at =
        std::lower_bound(records.begin(), records.end(), key,
                         [](const Cow<V>& record, const Key& k) { return record->key() < k; });
    const bool found = at != records.end() && !(key < (*at)->key());
    return {leaf, static_cast<std::size_t>(at - records.begin()), found};
  }

  // Appending in ascending order is the common case (positions): then the left half stays nearly full.
  static void split(Directory& directory, std::size_t leaf) {
    auto& left = directory.leaves[leaf].edit().records;
    const bool at_the_end = leaf + 1 == directory.leaves.size();
    const auto middle = static_cast<std::ptrdiff_t>(at_the_end ? kLeafMax * 3 / 4 : kLeafMax / 2);
    Leaf right{
        {std::make_move_iterator(left.begin() + middle), std::make_move_iterator(left.end())}};
    left.erase(left.begin() + middle, left.end());
    directory.leaves.insert(directory.leaves.begin() + static_cast<std::ptrdiff_t>(leaf) + 1,
                            Cow<Leaf>(std::move(right)));
  }

  Cow<Directory> directory_;
};

}  // namespace onyx::replica
