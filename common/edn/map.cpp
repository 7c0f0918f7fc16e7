// Maps: records while their keys allow it, hash tries otherwise.
#include "common/base/check.h"
#include "common/edn/hash_trie.h"
#include "common/edn/iteration.h"

namespace onyx::edn {

namespace {

Record* record_of(const Value& map) { return ValueAccess::object<Record>(map); }

Value trie_of_record(const Value& map) {
  std::vector<HashedEntry> entries;
  entries.reserve(map.count());
  for (const Entry e : map.entries()) {
    entries.push_back({stable_hash(e.key), entries.size(), e.key, e.value});
  }
  return trie_build(Tag::map, std::move(entries), nullptr);
}

// Moves the record's values, or copies them when somebody else holds it, into one with more places.
void grow_record(Value& map, const Shape* shape, Value value) {
  Record* from = record_of(map);
  const std::uint32_t n = from->shape->size();
  if (is_unique(from) && from->spare > 0) {
    new (from->values() + n) Value;
    --from->spare;
    from->shape = shape;
  } else {
    const std::uint32_t spare = n < 2 ? 1 : std::min(n / 2, 8U);
    void* memory = pool_allocate(sizeof(Record) + (n + 1 + spare) * sizeof(Value));
    auto* to = new (memory) Record;
    to->form = form::kRecord;
    to->spare = static_cast<std::uint8_t>(spare);
    to->depth = from->depth;
    to->shape = shape;
    const bool unique = is_unique(from);
    for (std::uint32_t i = 0; i < n; ++i) {
      if (unique) {
        new (to->values() + i) Value(std::move(from->values()[i]));
      } else {
        new (to->values() + i) Value(from->values()[i]);
      }
    }
    new (to->values() + n) Value;
    map = ValueAccess::adopt(Tag::map, to);
  }
  Record* record = record_of(map);
  deepen(record, value);
  record->values()[n] = std::move(value);
}

void shrink_record(Value& map, std::uint32_t slot) {
  const Shape* shape = record_of(map)->shape->without(slot);
  if (edn::is_unique(record_of(map)) && record_of(map)->spare < 255) {
    Record* record = record_of(map);
    Value* values = record->values();
    const Value removed = std::move(values[slot]);
    for (std::uint32_t i = slot; i < shape->size(); ++i) values[i] = std::move(values[i + 1]);
    record->shape = shape;
    ++record->spare;
    return;
  }
  const Record* from = record_of(map);
  std::vector<Value> values;
  values.reserve(shape->size());
  for (std::uint32_t i = 0; i <= shape->size(); ++i) {
    if (i != slot) values.push_back(from->values()[i]);
  }
  map = Value::record(shape, values);
}

void assoc_trie(Value& map, Value key, Value value) {
  make_unique(map);
  auto* trie = ValueAccess::object<Trie>(map);
  deepen(trie, key);
  deepen(trie, value);
  const std::uint64_t hash = stable_hash(key);
  if (trie_put(Tag::map, trie->root, hash, std::move(key), std::move(value))) ++trie->count;
}

[[gnu::noinline]] void assoc_slow(Value& map, Value& key, Value& value) {
  ONYX_CHECK(map.is_map(), "assoc on {}", name_of(map.kind()));
  if (record_of(map)->form == form::kRecord) {
    if (const Shape* shape = record_of(map)->shape->with(key)) {
      return grow_record(map, shape, std::move(value));
    }
    map = trie_of_record(map);
  }
  assoc_trie(map, std::move(key), std::move(value));
}

}  // namespace

Value map_from(std::span<Value> kvs, std::optional<Duplicate>* duplicate) {
  const std::size_t n = kvs.size() / 2;
  const Shape* shape = Shape::empty();
  std::size_t i = 0;
  // Straight down the shapes while keys are new; the values follow in one go.
  if (n <= kShapeKeysMax) {
    for (; i < n; ++i) {
      const Value& key = kvs[2 * i];
      if (!key.is_keyword() && !key.is_string()) break;
      if (shape->find(key) >= 0) break;
      const Shape* next = shape->with(key);
      if (next == nullptr) break;
      shape = next;
    }
  }
  if (i == n) {
    void* memory = pool_allocate(sizeof(Record) + n * sizeof(Value));
    auto* record = new (memory) Record;
    record->form = form::kRecord;
    record->shape = shape;
    for (std::size_t j = 0; j < n; ++j) {
      Value& value = kvs[2 * j + 1];
      deepen(record, value);
      new (record->values() + j) Value(std::move(value));
    }
    return ValueAccess::adopt(Tag::map, record);
  }
  bool has_names_only = true;
  for (std::size_t j = 0; j < n && has_names_only; ++j) {
    has_names_only = kvs[2 * j].is_keyword() || kvs[2 * j].is_string();
  }
  if (has_names_only && duplicate == nullptr) {
    // They repeat, or there are many: one by one, so that few distinct ones still make a record.
    Value map = Value::map();
    for (std::size_t j = 0; j < n; ++j) {
      map = std::move(map).assoc(std::move(kvs[2 * j]), std::move(kvs[2 * j + 1]));
    }
    return map;
  }
  std::vector<HashedEntry> entries;
  entries.reserve(n);
  for (std::size_t j = 0; j < n; ++j) {
    Value &key = kvs[2 * j], &value = kvs[2 * j + 1];
    const std::uint64_t hash = stable_hash(key);
    entries.push_back({hash, j, std::move(key), std::move(value)});
  }
  return trie_build(Tag::map, std::move(entries), duplicate);
}

Value Value::map(std::vector<std::pair<Value, Value>> entries) {
  std::vector<Value> flat;
  flat.reserve(entries.size() * 2);
  for (auto& [key, value] : entries) {
    flat.push_back(std::move(key));
    flat.push_back(std::move(value));
  }
  return map_from(flat, nullptr);
}

Value Value::assoc(Value key, Value value) && {
  if (Record* record = as_record()) {
    const int slot = record->shape->find(key);
    if (slot >= 0) {
      if (!is_unique()) [[unlikely]] {
        make_unique(*this);
        record = record_of(*this);
      }
      deepen(record, value);
      record->values()[slot] = std::move(value);
      return std::move(*this);
    }
  }
  assoc_slow(*this, key, value);
  return std::move(*this);
}

Value Value::dissoc(const Value& key) && {
  ONYX_CHECK(is_map(), "dissoc on {}", name_of(kind()));
  const Value* found = find(key);
  if (found == nullptr) return std::move(*this);
  if (const Record* record = as_record()) {
    if (Shape::has_room()) {
      shrink_record(*this, static_cast<std::uint32_t>(found - record->values()));
      return std::move(*this);
    }
    *this = trie_of_record(*this);
  }
  const Value kept_key = key;  // it may lie in the map
  const std::uint64_t hash = stable_hash(kept_key);
  make_unique(*this);
  auto* trie = ValueAccess::object<Trie>(*this);
  trie_remove(Tag::map, trie->root, hash, kept_key);
  --trie->count;
  return std::move(*this);
}

const Value* Value::find(const Value& key) const {
  if (const Record* record = as_record()) {
    const int slot = record->shape->find(key);
    return slot < 0 ? nullptr : record->values() + slot;
  }
  if (!is_map() && !is_set()) return nullptr;
  const Value* at = trie_find(tag(), ValueAccess::object<Trie>(*this)->root, stable_hash(key), key);
  return at == nullptr || is_set() ? at : at + 1;
}

const Value* Value::find(std::string_view keyword_text) const {
  if (!is_map()) return nullptr;
  const Name* name = find_name(keyword_text);
  return name == nullptr ? nullptr : find(keyword(name));
}

}  // namespace onyx::edn
