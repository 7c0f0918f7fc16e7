// Vectors: one block up to kWidth elements, then a trie of blocks with a tail.
#include "common/base/check.h"
#include "common/edn/iteration.h"
#include "common/edn/objects.h"

namespace onyx::edn {

namespace {

Block* block_of(const Value& v) { return ValueAccess::object<Block>(v); }
VectorTrie* trie_of(const Value& v) { return ValueAccess::object<VectorTrie>(v); }
bool is_flat(const Value& v) { return ValueAccess::raw(v)->form == form::kBlock; }

Value new_block(std::uint32_t capacity) {
  auto* block = allocate<Block>(capacity);
  block->form = form::kBlock;
  block->count = 0;
  block->capacity = capacity;
  return ValueAccess::adopt(Tag::vector, block);
}

void append(Block* block, Value item) {
  deepen(block, item);
  new (block->values() + block->count) Value(std::move(item));
  ++block->count;
}

std::uint32_t capacity_for(std::uint32_t count) {
  std::uint32_t capacity = 4;
  while (capacity < count) capacity *= 2;
  return capacity;
}

// Appends to a block that has fewer than kWidth elements, in place when it is unique and has room.
void block_conj(Value& at, Value item) {
  Block* from = block_of(at);
  if (!is_unique(from) || from->count == from->capacity) {
    Value larger = new_block(capacity_for(from->count + 1));
    Block* to = block_of(larger);
    to->depth = from->depth;
    const bool unique = is_unique(from);
    for (std::uint32_t i = 0; i < from->count; ++i) {
      Value& source = from->values()[i];
      new (to->values() + i) Value(unique ? std::move(source) : Value(source));
    }
    to->count = from->count;
    at = std::move(larger);
  }
  append(block_of(at), std::move(item));
}

std::uint64_t tail_start(const VectorTrie* trie) { return (trie->count - 1) / kWidth * kWidth; }

// A chain of one-child blocks over `leaf`, `shift` / 5 of them.
Value chain_over(Value leaf, std::uint32_t shift) {
  for (; shift > 0; shift -= 5) {
    Value parent = new_block(4);
    append(block_of(parent), std::move(leaf));
    leaf = std::move(parent);
  }
  return leaf;
}

// Hangs the full `leaf`, whose first element has this index, below `at`.
void push_leaf(Value& at, std::uint32_t shift, std::uint64_t index, Value leaf) {
  const auto digit = static_cast<std::uint32_t>(index >> shift) % kWidth;
  if (digit == block_of(at)->count) {
    block_conj(at, chain_over(std::move(leaf), shift - 5));
    return;
  }
  make_unique(at);
  push_leaf(block_of(at)->values()[digit], shift - 5, index, std::move(leaf));
}

// Takes the last leaf from below `at`; true when nothing is left there.
bool pop_leaf(Value& at, std::uint32_t shift, Value& leaf) {
  make_unique(at);
  Block* block = block_of(at);
  Value& last = block->values()[block->count - 1];
  if (shift > 5 && !pop_leaf(last, shift - 5, leaf)) return false;
  if (shift == 5) leaf = std::move(last);
  last = Value();
  --block->count;
  return block->count == 0;
}

Value new_trie(Value root, Value tail, std::uint32_t shift, std::uint64_t count,
               std::uint16_t depth) {
  auto* trie = allocate<VectorTrie>();
  trie->form = form::kVectorTrie;
  trie->depth = depth;
  trie->shift = shift;
  trie->count = count;
  trie->root = std::move(root);
  trie->tail = std::move(tail);
  return ValueAccess::adopt(Tag::vector, trie);
}

void trie_conj(Value& vector, Value item) {
  make_unique(vector);
  VectorTrie* trie = trie_of(vector);
  deepen(trie, item);
  if (trie->count % kWidth != 0) {
    block_conj(trie->tail, std::move(item));
    ++trie->count;
    return;
  }
  if (trie->count - kWidth == std::uint64_t{1} << (trie->shift + 5)) {
    Value root = new_block(4);
    append(block_of(root), std::move(trie->root));
    trie->root = std::move(root);
    trie->shift += 5;
  }
  push_leaf(trie->root, trie->shift, trie->count - kWidth, std::move(trie->tail));
  trie->tail = new_block(kWidth);
  append(block_of(trie->tail), std::move(item));
  ++trie->count;
}

}  // namespace

Value vector_conj(Value vector, Value item) {
  if (!is_flat(vector)) {
    trie_conj(vector, std::move(item));
  } else if (block_of(vector)->count < kWidth) {
    block_conj(vector, std::move(item));
  } else {
    const std::uint16_t depth = std::max(vector.depth(), depth_above(item));
    Value root = new_block(4), tail = new_block(kWidth);
    append(block_of(root), std::move(vector));
    append(block_of(tail), std::move(item));
    vector = new_trie(std::move(root), std::move(tail), 5, kWidth + 1, depth);
  }
  return vector;
}

Value vector_pop(Value vector) {
  if (is_flat(vector)) {
    make_unique(vector);
    Block* block = block_of(vector);
    ONYX_CHECK(block->count > 0, "pop of an empty vector");
    block->values()[--block->count] = Value();
    return vector;
  }
  make_unique(vector);
  VectorTrie* trie = trie_of(vector);
  if (block_of(trie->tail)->count > 1) {
    make_unique(trie->tail);
    Block* tail = block_of(trie->tail);
    tail->values()[--tail->count] = Value();
    --trie->count;
    return vector;
  }
  Value leaf;
  pop_leaf(trie->root, trie->shift, leaf);
  --trie->count;
  if (trie->count == kWidth) return leaf;
  trie->tail = std::move(leaf);
  while (trie->shift > 5 && block_of(trie->root)->count == 1) {
    Value only = block_of(trie->root)->values()[0];
    trie->root = std::move(only);
    trie->shift -= 5;
  }
  return vector;
}

Run run_at(const VectorTrie* trie, std::size_t index) {
  const Value* at = &trie->tail;
  if (index < tail_start(trie)) {
    at = &trie->root;
    for (std::uint32_t shift = trie->shift; shift > 0; shift -= 5) {
      at = block_of(*at)->values() + (index >> shift) % kWidth;
    }
  }
  Block* leaf = block_of(*at);
  const std::size_t from = index % kWidth;
  return {leaf->values() + from, leaf->count - from};
}

Value Value::vector(std::vector<Value> items) {
  const std::size_t n = items.size();
  if (n <= kWidth) {
    Value flat = new_block(static_cast<std::uint32_t>(n));
    for (Value& item : items) append(block_of(flat), std::move(item));
    return flat;
  }
  Value vector = new_block(kWidth);
  for (std::size_t i = 0; i < kWidth; ++i) append(block_of(vector), std::move(items[i]));
  for (std::size_t i = kWidth; i < n; ++i)
    vector = vector_conj(std::move(vector), std::move(items[i]));
  return vector;
}

const Value& Value::at(std::size_t index) const {
  ONYX_CHECK(is_sequential() && index < count(), "at {} of {} {}", index, count(), name_of(kind()));
  if (is_list()) {
    auto it = items().begin();
    while (index-- > 0) ++it;
    return *it;
  }
  if (is_flat(*this)) return block_of(*this)->values()[index];
  return *run_at(trie_of(*this), index).first;
}

Value Value::with_at(std::size_t index, Value item) && {
  ONYX_CHECK(is_vector() && index <= count(), "with_at {} of {}", index, count());
  if (index == count()) return vector_conj(std::move(*this), std::move(item));
  make_unique(*this);
  deepen(bits_.wide.object, item);
  if (is_flat(*this)) {
    block_of(*this)->values()[index] = std::move(item);
    return std::move(*this);
  }
  VectorTrie* trie = trie_of(*this);
  Value* at = &trie->tail;
  if (index < tail_start(trie)) {
    at = &trie->root;
    for (std::uint32_t shift = trie->shift; shift > 0; shift -= 5) {
      make_unique(*at);
      at = block_of(*at)->values() + (index >> shift) % kWidth;
    }
  }
  make_unique(*at);
  deepen(block_of(*at), item);
  block_of(*at)->values()[index % kWidth] = std::move(item);
  return std::move(*this);
}

}  // namespace onyx::edn
