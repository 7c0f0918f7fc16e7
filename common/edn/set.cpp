#include "common/base/check.h"
#include "common/edn/hash_trie.h"

namespace onyx::edn {

Value set_from(std::span<Value> elements, std::optional<Duplicate>* duplicate) {
  std::vector<HashedEntry> entries;
  entries.reserve(elements.size());
  for (Value& element : elements) {
    const std::uint64_t hash = stable_hash(element);
    entries.push_back({hash, entries.size(), std::move(element), Value()});
  }
  return trie_build(Tag::set, std::move(entries), duplicate);
}

Value Value::set(std::vector<Value> items) { return set_from(items, nullptr); }

Value set_conj(Value set, Value item) {
  make_unique(set);
  auto* trie = ValueAccess::object<Trie>(set);
  deepen(trie, item);
  const std::uint64_t hash = stable_hash(item);
  if (trie_put(Tag::set, trie->root, hash, std::move(item), Value())) ++trie->count;
  return set;
}

Value Value::disj(const Value& item) && {
  ONYX_CHECK(is_set(), "disj on {}", name_of(kind()));
  const Value kept = item;  // it may lie in the set
  const std::uint64_t hash = stable_hash(kept);
  if (trie_find(Tag::set, ValueAccess::object<Trie>(*this)->root, hash, kept) == nullptr) {
    return std::move(*this);
  }
  make_unique(*this);
  auto* trie = ValueAccess::object<Trie>(*this);
  trie_remove(Tag::set, trie->root, hash, kept);
  --trie->count;
  return std::move(*this);
}

}  // namespace onyx::edn
