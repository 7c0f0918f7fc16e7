// The process-wide table of shapes. It takes a lock to add one, which this pure folder allows here and in name.cpp
// only: a memo table that no result depends on.
#include "common/edn/shape.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <mutex>
#include <vector>

#include "common/base/check.h"

namespace onyx::edn {

struct Shape::Transition {
  Value key;
  std::uint64_t hash;
  const Shape* to;
};

// Open addressing. A full table is replaced by a larger one and kept, because somebody may be reading it.
struct Shape::Transitions {
  explicit Transitions(std::uint32_t capacity)
      : mask(capacity - 1), slots(new std::atomic<const Transition*>[capacity]()) {}

  const Transition* find(const Value& key, std::uint64_t hash) const {
    for (std::uint64_t i = hash;; ++i) {
      const Transition* t = slots[i & mask].load(std::memory_order_acquire);
      if (t == nullptr || (t->hash == hash && t->key == key)) return t;
    }
  }
  void insert(const Transition* t) const {
    std::uint64_t i = t->hash;
    while (slots[i & mask].load(std::memory_order_relaxed) != nullptr) ++i;
    slots[i & mask].store(t, std::memory_order_release);
  }

  std::uint32_t mask;
  std::uint32_t count = 0;  // written under the table's lock
  std::unique_ptr<std::atomic<const Transition*>[]> slots;
};

namespace {

bool may_be_key(const Value& key) { return key.is_keyword() || key.is_string(); }

std::uint64_t index_hash(const Value& key) {
  // Of the address for a keyword: the index is this process's own, and the name need not be touched.
  if (key.is_keyword())
    return (reinterpret_cast<std::uintptr_t>(key.name()) >> 4) * 0x9e3779b97f4a7c15U >> 32;
  return stable_hash(key.as_string());
}

}  // namespace

class ShapeTable {
 public:
  static ShapeTable& instance() {
    static auto* table = new ShapeTable;  // never destroyed: Values may outlive main
    return *table;
  }

  ShapeTable() : empty_(make(nullptr, {})) {}

  const Shape* empty() const { return empty_; }
  bool has_room() const { return count_.load(std::memory_order_relaxed) < kShapesMax; }

  const Shape* extend(const Shape* from, const Value& key, std::uint64_t hash, bool past_limit) {
    std::lock_guard lock(mutex_);
    if (const Shape* known = from->known_transition(key, hash)) return known;
    if (!past_limit && !has_room()) return nullptr;
    std::vector<Value> keys(from->keys().begin(), from->keys().end());
    keys.push_back(key);
    const Shape* to = make(from, std::move(keys));
    const auto* current = from->transitions_.load(std::memory_order_relaxed);
    if (current == nullptr || current->count * 2 >= current->mask + 1) {
      auto larger =
          std::make_unique<Shape::Transitions>(current == nullptr ? 4 : (current->mask + 1) * 2);
      for (std::uint32_t i = 0; current != nullptr && i <= current->mask; ++i) {
        if (const auto* t = current->slots[i].load(std::memory_order_relaxed)) larger->insert(t);
      }
      larger->count = current == nullptr ? 0 : current->count;
      current = larger.get();
      tables_.push_back(std::move(larger));
      transitions_.push_back(std::make_unique<Shape::Transition>(Shape::Transition{key, hash, to}));
      current->insert(transitions_.back().get());
      ++tables_.back()->count;
      from->transitions_.store(current, std::memory_order_release);
      return to;
    }
    transitions_.push_back(std::make_unique<Shape::Transition>(Shape::Transition{key, hash, to}));
    current->insert(transitions_.back().get());
    ++const_cast<Shape::Transitions*>(current)->count;
    return to;
  }

 private:
  const Shape* make(const Shape* parent, std::vector<Value> keys) {
    auto* shape = new Shape;
    const auto size = static_cast<std::uint32_t>(keys.size());
    shape->size_ = size;
    shape->parent_ = parent;
    auto* by_hash = new std::uint8_t[size + 1];
    for (std::uint32_t i = 0; i < size; ++i) by_hash[i] = static_cast<std::uint8_t>(i);
    std::sort(by_hash, by_hash + size, [&](std::uint8_t a, std::uint8_t b) {
      const std::uint64_t ha = stable_hash(keys[a]), hb = stable_hash(keys[b]);
      return ha != hb ? ha < hb : compare(keys[a], keys[b]) < 0;
    });
    shape->by_hash_ = by_hash;
    if (size > Shape::kLinearMax) {
      const std::uint32_t capacity = std::bit_ceil(size * 2);
      auto* index = new std::uint8_t[capacity]();
      for (std::uint32_t i = 0; i < size; ++i) {
        std::uint64_t at = index_hash(keys[i]);
        while (index[at & (capacity - 1)] != 0) ++at;
        index[at & (capacity - 1)] = static_cast<std::uint8_t>(i + 1);
      }
      shape->index_ = index;
      shape->index_mask_ = capacity - 1;
    }
    shape->removals_ = new std::atomic<const Shape*>[size + 1]();
    auto* names = new const Name*[size + 1]();
    for (std::uint32_t i = 0; i < size; ++i)
      names[i] = keys[i].is_keyword() ? keys[i].name() : nullptr;
    shape->names_ = names;
    auto* stored = new Value[size + 1];
    std::move(keys.begin(), keys.end(), stored);
    shape->keys_ = stored;
    count_.fetch_add(1, std::memory_order_relaxed);
    return shape;
  }

  std::mutex mutex_;
  std::atomic<std::uint32_t> count_{0};
  std::vector<std::unique_ptr<Shape::Transitions>> tables_;      // guarded by mutex_
  std::vector<std::unique_ptr<Shape::Transition>> transitions_;  // guarded by mutex_
  const Shape* empty_;
};

const Shape* Shape::empty() {
  static const Shape* const shape = ShapeTable::instance().empty();
  return shape;
}

bool Shape::has_room() { return ShapeTable::instance().has_room(); }

const Shape* Shape::of(std::span<const Value> keys) {
  const Shape* shape = empty();
  for (const Value& key : keys) {
    if (shape == nullptr) return nullptr;
    shape = shape->with(key);
  }
  return shape;
}

int Shape::find_indexed(const Value& key) const {
  if (!may_be_key(key)) return -1;
  for (std::uint64_t at = index_hash(key);; ++at) {
    const std::uint8_t slot = index_[at & index_mask_];
    if (slot == 0) return -1;
    if (keys_[slot - 1] == key) return slot - 1;
  }
}

int Shape::find_other(const Value& key) const {
  if (size_ > kLinearMax) return find_indexed(key);
  for (std::uint32_t i = 0; i < size_; ++i) {
    if (keys_[i] == key) return static_cast<int>(i);
  }
  return -1;
}

const Shape* Shape::known_transition(const Value& key, std::uint64_t hash) const {
  const Transitions* table = transitions_.load(std::memory_order_acquire);
  if (table == nullptr) return nullptr;
  const Transition* t = table->find(key, hash);
  return t == nullptr ? nullptr : t->to;
}

const Shape* Shape::with(const Value& key) const {
  if (!may_be_key(key)) return nullptr;
  const std::uint64_t hash = key.is_keyword() ? key.name()->hash : stable_hash(key);
  if (const Shape* known = known_transition(key, hash)) return known;
  if (size_ >= kShapeKeysMax) return nullptr;
  return ShapeTable::instance().extend(this, key, hash, false);
}

const Shape* Shape::without(std::uint32_t slot) const {
  if (const Shape* known = removals_[slot].load(std::memory_order_acquire)) return known;
  const Shape* prefix = this;
  while (prefix->size_ > slot) prefix = prefix->parent_;
  const Shape* shape = prefix;
  for (std::uint32_t i = slot + 1; i < size_; ++i) {
    const std::uint64_t hash =
        keys_[i].is_keyword() ? keys_[i].name()->hash : stable_hash(keys_[i]);
    const Shape* next = shape->known_transition(keys_[i], hash);
    shape = next != nullptr ? next : ShapeTable::instance().extend(shape, keys_[i], hash, true);
  }
  removals_[slot].store(shape, std::memory_order_release);
  return shape;
}

}  // namespace onyx::edn
