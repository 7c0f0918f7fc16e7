// An ordered map of records that hold their own key: copied in one step, changed in place while nobody else holds it.
//
// Shape:   two levels: a directory of leaves of up to kLeafMax entries, each with its key at hand and, unless it is small,
//          its record in a box of its own. A change to a copy clones one directory, one leaf and one record; a change to
//          an unshared map clones nothing. V has `key()`; iteration is in the order of keys, and so the same on every
//          machine.
// Units:   find, edit, insert, erase: O(log n) comparisons, plus O(n / kLeafMax) pointer moves when a leaf splits or
//          empties and on the first change after a copy.
//          A record in a box stays where it is until it is itself erased or cloned; a small one moves with its neighbours.
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

  struct Small {
    V record;
    explicit Small(V v) : record(std::move(v)) {}
    decltype(auto) key() const { return record.key(); }
    const V& value() const { return record; }
    V& edit() { return record; }
    bool operator==(const Small&) const = default;
  };
  struct Boxed {
    Key k;
    Cow<V> box;
    explicit Boxed(V v) : k(v.key()), box(std::move(v)) {}
    const Key& key() const { return k; }
    const V& value() const { return *box; }
    V& edit() { return box.edit(); }
    bool operator==(const Boxed& other) const { return box == other.box; }
  };
  using Entry = std::conditional_t<sizeof(V) <= 48, Small, Boxed>;

  struct Leaf {
    std::vector<Entry> entries;  // never empty; ascending by key
  };
  struct Branch {
    Key first;  // of the leaf
    Cow<Leaf> leaf;
  };
  struct Directory {
    std::vector<Branch> branches;  // ascending
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
    const V& operator*() const { return directory_->branches[leaf_].leaf->entries[index_].value(); }
    const V* operator->() const { return &**this; }
    Iterator& operator++() {
      if (++index_ == directory_->branches[leaf_].leaf->entries.size()) {
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
  Iterator end() const { return {&*directory_, directory_->branches.size(), 0}; }

  const V* find(const Key& key) const {
    const auto [leaf, index, found] = locate(key);
    return found ? &directory_->branches[leaf].leaf->entries[index].value() : nullptr;
  }
  bool contains(const Key& key) const { return locate(key).found; }

  // For changing a record, but never its key; nullptr when there is none.
  V* edit(const Key& key) {
    const auto [leaf, index, found] = locate(key);
    if (!found) return nullptr;
    return &directory_.edit().branches[leaf].leaf.edit().entries[index].edit();
  }

  // Puts the record in, in place of one with the same key.
  void put(V record) {
    const auto [leaf, index, found] = locate(record.key());
    Directory& directory = directory_.edit();
    Entry entry(std::move(record));
    if (directory.branches.empty()) {
      Leaf first;
      first.entries.push_back(std::move(entry));
      directory.branches.push_back({first.entries.front().key(), Cow<Leaf>(std::move(first))});
      directory.size = 1;
      return;
    }
    Branch& branch = directory.branches[leaf];
    auto& entries = branch.leaf.edit().entries;
    if (found) {
      entries[index] = std::move(entry);
      return;
    }
    entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(index), std::move(entry));
    if (index == 0) branch.first = entries.front().key();
    ++directory.size;
    if (entries.size() > kLeafMax) split(directory, leaf);
  }

  bool erase(const Key& key) {
    const auto [leaf, index, found] = locate(key);
    if (!found) return false;
    Directory& directory = directory_.edit();
    Branch& branch = directory.branches[leaf];
    auto& entries = branch.leaf.edit().entries;
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(index));
    if (entries.empty()) {
      directory.branches.erase(directory.branches.begin() + static_cast<std::ptrdiff_t>(leaf));
    } else if (index == 0) {
      branch.first = entries.front().key();
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
    const auto& branches = directory_->branches;
    if (branches.empty()) return {0, 0, false};
    const auto after =
        std::upper_bound(branches.begin(), branches.end(), key,
                         [](const Key& k, const Branch& branch) { return k < branch.first; });
    const auto leaf =
        static_cast<std::size_t>(after == branches.begin() ? 0 : after - branches.begin() - 1);
    const auto& entries = branches[leaf].leaf->entries;
    const auto at =
        std::lower_bound(entries.begin(), entries.end(), key,
                         [](const Entry& entry, const Key& k) { return entry.key() < k; });
    const bool found = at != entries.end() && at->key() == key;
    return {leaf, static_cast<std::size_t>(at - entries.begin()), found};
  }

  // Appending in ascending order is the common case (positions): then the left half stays nearly full.
  static void split(Directory& directory, std::size_t leaf) {
    auto& left = directory.branches[leaf].leaf.edit().entries;
    const bool at_the_end = leaf + 1 == directory.branches.size();
    const auto middle = static_cast<std::ptrdiff_t>(at_the_end ? kLeafMax * 3 / 4 : kLeafMax / 2);
    Leaf right{
        {std::make_move_iterator(left.begin() + middle), std::make_move_iterator(left.end())}};
    left.erase(left.begin() + middle, left.end());
    Branch branch{right.entries.front().key(), Cow<Leaf>(std::move(right))};
    directory.branches.insert(directory.branches.begin() + static_cast<std::ptrdiff_t>(leaf) + 1,
                              std::move(branch));
  }

  Cow<Directory> directory_;
};

}  // namespace onyx::replica
