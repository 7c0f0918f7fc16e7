#include "common/edn/hash_trie.h"

#include <bit>

namespace onyx::edn {

namespace {

constexpr int kDigits = 13;  // 12 of 5 bits, one of 4; below them only collisions

std::uint32_t digit_of(std::uint64_t hash, int level) {
  return static_cast<std::uint32_t>(level < 12 ? hash >> (59 - 5 * level) : hash << 1) & 31;
}

std::uint32_t stride_of(Tag tag) { return tag == Tag::map ? 2 : 1; }

TrieNode* node_of(const Value& v) { return ValueAccess::object<TrieNode>(v); }

std::uint32_t position_of(const TrieNode* node, std::uint32_t bit) {
  return static_cast<std::uint32_t>(std::popcount(node->present & (bit - 1)));
}

// A node with room for `slots`, whose Values are nil.
TrieNode* new_node(Tag tag, std::uint8_t node_form, std::size_t slots) {
  const std::size_t values = slots * stride_of(tag);
  auto* node = allocate<TrieNode>(values);
  node->form = node_form;
  node->present = node->children = 0;
  for (std::size_t i = 0; i < values; ++i) new (node->slots() + i) Value;
  return node;
}

void set_slot(Tag tag, TrieNode* node, std::uint32_t position, Value key, Value value) {
  Value* slot = node->slots() + position * stride_of(tag);
  slot[0] = std::move(key);
  if (tag == Tag::map) slot[1] = std::move(value);
}

// `node` with one slot more, nil, or one less, at `position`.
void resize_node(Tag tag, Value& node, std::uint32_t position, bool grow) {
  TrieNode* from = node_of(node);
  const Parts old = parts(tag, from);
  const std::uint32_t stride = stride_of(tag);
  const std::size_t slots = old.count / stride;
  TrieNode* to = new_node(tag, from->form, grow ? slots + 1 : slots - 1);
  to->present = from->present;
  to->children = from->children;
  const bool unique = is_unique(from);
  for (std::size_t i = 0; i < slots; ++i) {
    if (!grow && i == position) continue;
    const std::size_t target = i < position ? i : grow ? i + 1 : i - 1;
    for (std::uint32_t j = 0; j < stride; ++j) {
      Value& source = from->slots()[i * stride + j];
      to->slots()[target * stride + j] = unique ? std::move(source) : source;
    }
  }
  node = ValueAccess::adopt(tag, to);
}

struct Found {
  std::uint32_t position;
  bool there;
};

Found find_collision(Tag tag, TrieNode* node, const Value& key) {
  std::uint32_t low = 0, high = node->present;
  const std::uint32_t stride = stride_of(tag);
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const auto order = compare(node->slots()[middle * stride], key);
    if (order == 0) return {middle, true};
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return {low, false};
}

// A node at `level` for two entries with different keys.
Value node_of_two(Tag tag, int level, HashedEntry a, HashedEntry b) {
  if (level == kDigits) {
    if (compare(b.key, a.key) < 0) std::swap(a, b);
    TrieNode* node = new_node(tag, form::kCollision, 2);
    node->present = 2;
    set_slot(tag, node, 0, std::move(a.key), std::move(a.value));
    set_slot(tag, node, 1, std::move(b.key), std::move(b.value));
    return ValueAccess::adopt(tag, node);
  }
  std::uint32_t digit_a = digit_of(a.hash, level), digit_b = digit_of(b.hash, level);
  if (digit_a == digit_b) {
    TrieNode* node = new_node(tag, form::kNode, 1);
    node->present = node->children = 1U << digit_a;
    set_slot(tag, node, 0, node_of_two(tag, level + 1, std::move(a), std::move(b)), Value());
    return ValueAccess::adopt(tag, node);
  }
  if (digit_b < digit_a) {
    std::swap(a, b);
    std::swap(digit_a, digit_b);
  }
  TrieNode* node = new_node(tag, form::kNode, 2);
  node->present = 1U << digit_a | 1U << digit_b;
  set_slot(tag, node, 0, std::move(a.key), std::move(a.value));
  set_slot(tag, node, 1, std::move(b.key), std::move(b.value));
  return ValueAccess::adopt(tag, node);
}

bool put(Tag tag, Value& at, int level, std::uint64_t hash, Value key, Value value) {
  TrieNode* node = node_of(at);
  const std::uint32_t stride = stride_of(tag);
  if (node->form == form::kCollision) {
    const Found found = find_collision(tag, node, key);
    if (found.there) {
      make_unique(at);
      if (tag == Tag::map) node_of(at)->slots()[found.position * 2 + 1] = std::move(value);
      return false;
    }
    resize_node(tag, at, found.position, true);
    ++node_of(at)->present;
    set_slot(tag, node_of(at), found.position, std::move(key), std::move(value));
    return true;
  }
  const std::uint32_t bit = 1U << digit_of(hash, level);
  const std::uint32_t position = position_of(node, bit);
  if ((node->present & bit) == 0) {
    resize_node(tag, at, position, true);
    node_of(at)->present |= bit;
    set_slot(tag, node_of(at), position, std::move(key), std::move(value));
    return true;
  }
  if ((node->children & bit) == 0 && tag == Tag::set && node->slots()[position] == key)
    return false;
  make_unique(at);
  node = node_of(at);
  Value* slot = node->slots() + position * stride;
  if ((node->children & bit) != 0) {
    return put(tag, slot[0], level + 1, hash, std::move(key), std::move(value));
  }
  if (slot[0] == key) {
    slot[1] = std::move(value);
    return false;
  }
  HashedEntry old{stable_hash(slot[0]), 0, std::move(slot[0]),
                  tag == Tag::map ? std::move(slot[1]) : Value()};
  slot[0] =
      node_of_two(tag, level + 1, std::move(old), {hash, 0, std::move(key), std::move(value)});
  node->children |= bit;
  return true;
}

bool has_one_entry(const TrieNode* node) {
  return node->form == form::kCollision ? node->present == 1
                                        : node->children == 0 && std::has_single_bit(node->present);
}

void remove(Tag tag, Value& at, int level, std::uint64_t hash, const Value& key) {
  TrieNode* node = node_of(at);
  if (node->form == form::kCollision) {
    const Found found = find_collision(tag, node, key);
    resize_node(tag, at, found.position, false);
    --node_of(at)->present;
    return;
  }
  const std::uint32_t bit = 1U << digit_of(hash, level);
  const std::uint32_t position = position_of(node, bit);
  if ((node->children & bit) == 0) {
    resize_node(tag, at, position, false);
    node_of(at)->present &= ~bit;
    return;
  }
  make_unique(at);
  node = node_of(at);
  Value* slot = node->slots() + position * stride_of(tag);
  remove(tag, slot[0], level + 1, hash, key);
  TrieNode* child = node_of(slot[0]);
  if (!has_one_entry(child)) return;
  // Its digits are no longer shared, so it moves up here.
  const Value keep = slot[0];
  if (tag == Tag::map) slot[1] = child->slots()[1];
  slot[0] = child->slots()[0];
  node->children &= ~bit;
}

Value build(Tag tag, std::span<HashedEntry> sorted, int level) {
  if (level == kDigits) {
    TrieNode* node = new_node(tag, form::kCollision, sorted.size());
    node->present = static_cast<std::uint32_t>(sorted.size());
    for (std::uint32_t i = 0; i < node->present; ++i) {
      set_slot(tag, node, i, std::move(sorted[i].key), std::move(sorted[i].value));
    }
    return ValueAccess::adopt(tag, node);
  }
  std::uint32_t present = 0;
  for (const HashedEntry& entry : sorted) present |= 1U << digit_of(entry.hash, level);
  TrieNode* node = new_node(tag, form::kNode, static_cast<std::size_t>(std::popcount(present)));
  node->present = present;
  std::uint32_t position = 0;
  for (std::size_t start = 0; start < sorted.size(); ++position) {
    const std::uint32_t digit = digit_of(sorted[start].hash, level);
    std::size_t end = start + 1;
    while (end < sorted.size() && digit_of(sorted[end].hash, level) == digit) ++end;
    if (end - start == 1) {
      set_slot(tag, node, position, std::move(sorted[start].key), std::move(sorted[start].value));
    } else {
      set_slot(tag, node, position, build(tag, sorted.subspan(start, end - start), level + 1),
               Value());
      node->children |= 1U << digit;
    }
    start = end;
  }
  return ValueAccess::adopt(tag, node);
}

}  // namespace

const Value* trie_find(Tag tag, const Value& root, std::uint64_t hash, const Value& key) {
  const std::uint32_t stride = stride_of(tag);
  const Value* at = &root;
  if (at->is_nil()) return nullptr;
  for (int level = 0;; ++level) {
    TrieNode* node = node_of(*at);
    if (node->form == form::kCollision) {
      const Found found = find_collision(tag, node, key);
      return found.there ? node->slots() + found.position * stride : nullptr;
    }
    const std::uint32_t bit = 1U << digit_of(hash, level);
    if ((node->present & bit) == 0) return nullptr;
    at = node->slots() + position_of(node, bit) * stride;
    if ((node->children & bit) == 0) return *at == key ? at : nullptr;
  }
}

bool trie_put(Tag tag, Value& root, std::uint64_t hash, Value key, Value value) {
  if (root.is_nil()) root = ValueAccess::adopt(tag, new_node(tag, form::kNode, 0));
  return put(tag, root, 0, hash, std::move(key), std::move(value));
}

void trie_remove(Tag tag, Value& root, std::uint64_t hash, const Value& key) {
  remove(tag, root, 0, hash, key);
  if (node_of(root)->present == 0) root = Value();
}

Value trie_build(Tag tag, std::vector<HashedEntry> entries, std::optional<Duplicate>* duplicate) {
  std::sort(entries.begin(), entries.end(), [](const HashedEntry& a, const HashedEntry& b) {
    if (a.hash != b.hash) return a.hash < b.hash;
    if (const auto order = compare(a.key, b.key); order != 0) return order < 0;
    return a.index < b.index;
  });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (kept > 0 && entries[kept - 1].hash == entries[i].hash &&
        entries[kept - 1].key == entries[i].key) {
      HashedEntry& first = entries[kept - 1];
      if (duplicate != nullptr &&
          (!duplicate->has_value() || entries[i].index < (*duplicate)->second)) {
        *duplicate = Duplicate{first.index, entries[i].index};
      }
      first.value = std::move(entries[i].value);
      continue;
    }
    if (kept != i) entries[kept] = std::move(entries[i]);
    ++kept;
  }
  entries.resize(kept);
  auto* trie = allocate<Trie>();
  trie->form = form::kTrie;
  trie->count = kept;
  for (const HashedEntry& entry : entries) {
    deepen(trie, entry.key);
    deepen(trie, entry.value);
  }
  if (!entries.empty()) trie->root = build(tag, entries, 0);
  return ValueAccess::adopt(tag, trie);
}

}  // namespace onyx::edn
