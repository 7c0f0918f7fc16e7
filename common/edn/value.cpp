#include "common/edn/value.h"

#include <cstddef>
#include <cstring>
#include <iterator>

#include "common/base/check.h"
#include "common/edn/objects.h"

namespace onyx::edn {

namespace {

const Value kNil;

}  // namespace

std::string_view name_of(Kind kind) {
  static constexpr std::string_view kNames[] = {
      "nil",    "boolean", "integer", "ratio",  "real",     "character",
      "inst",   "uuid",    "keyword", "symbol", "string",   "list",
      "vector", "map",     "set",     "tagged", "extension"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Kind::extension) + 1);
  return kNames[static_cast<std::size_t>(kind)];
}

Parts parts(Tag tag, Object* object) {
  const auto span = [](auto* typed, Value* values, std::size_t count) {
    return Parts{values, count, sizeof *typed};
  };
  switch (tag) {
    case Tag::string: {
      auto* s = static_cast<LongString*>(object);
      return {nullptr, 0, sizeof(LongString) + s->length};
    }
    case Tag::ratio:
      return {nullptr, 0, sizeof(RatioObject)};
    case Tag::uuid:
      return {nullptr, 0, sizeof(UuidObject)};
    case Tag::tagged: {
      auto* t = static_cast<TaggedObject*>(object);
      return span(t, &t->value, 1);
    }
    case Tag::list: {
      if (object->form == form::kEmptyList) return {nullptr, 0, sizeof(EmptyList)};
      auto* c = static_cast<Cons*>(object);
      return span(c, &c->first, 2);
    }
    case Tag::vector: {
      if (object->form == form::kVectorTrie) {
        auto* t = static_cast<VectorTrie*>(object);
        return span(t, &t->root, 2);
      }
      auto* b = static_cast<Block*>(object);
      return {b->values(), b->count, sizeof(Block) + b->capacity * sizeof(Value)};
    }
    case Tag::map:
      if (object->form == form::kRecord) {
        auto* r = static_cast<Record*>(object);
        const std::size_t n = r->shape->size();
        return {r->values(), n, sizeof(Record) + (n + r->spare) * sizeof(Value)};
      }
      [[fallthrough]];
    case Tag::set: {
      if (object->form == form::kTrie) {
        auto* t = static_cast<Trie*>(object);
        return span(t, &t->root, 1);
      }
      auto* n = static_cast<TrieNode*>(object);
      const std::size_t slots = object->form == form::kCollision
                                    ? n->present
                                    : static_cast<std::size_t>(__builtin_popcount(n->present));
      const std::size_t values = tag == Tag::map ? slots * 2 : slots;
      return {n->slots(), values, sizeof(TrieNode) + values * sizeof(Value)};
    }
    default:
      ONYX_CHECK(false, "no parts in tag {}", static_cast<int>(tag));
  }
}

Object* clone(Tag tag, Object* object) {
  const Parts p = parts(tag, object);
  auto* bytes = static_cast<char*>(pool_allocate(p.bytes));
  // The Values by copy, all else (form, counts, a shape) by its bytes: but not the references in front, which others count
  // at the same time.
  auto* copy = reinterpret_cast<Object*>(bytes);
  new (&copy->references) std::atomic<std::uint32_t>(1);
  constexpr std::size_t kCounted = sizeof(copy->references);
  static_assert(offsetof(Object, references) == 0);
  std::memcpy(bytes + kCounted, reinterpret_cast<const char*>(object) + kCounted,
              p.bytes - kCounted);
  const std::size_t offset =
      static_cast<std::size_t>(reinterpret_cast<char*>(p.values) - reinterpret_cast<char*>(object));
  auto* values = reinterpret_cast<Value*>(bytes + offset);
  for (std::size_t i = 0; i < p.count; ++i) new (values + i) Value(p.values[i]);
  return copy;
}

// --- scalars with an object ---

void Value::make_long_string(std::string_view utf8) {
  void* memory = pool_allocate(sizeof(LongString) + utf8.size());
  auto* object = new (memory) LongString;
  object->depth = 0;
  object->length = utf8.size();
  std::memcpy(object->text(), utf8.data(), utf8.size());
  zero(Tag::string);
  bits_.wide.object = object;
}

std::string_view Value::long_string() const noexcept {
  auto* object = static_cast<LongString*>(bits_.wide.object);
  return {object->text(), object->length};
}

Value Value::uuid(const Uuid& bytes) {
  auto* object = allocate<UuidObject>();
  object->depth = 0;
  object->bytes = bytes;
  return adopt(Tag::uuid, object);
}

const Uuid& Value::as_uuid() const noexcept {
  return static_cast<UuidObject*>(bits_.wide.object)->bytes;
}

Value Value::tagged(const Name* tag, Value value) {
  auto* object = allocate<TaggedObject>();
  object->tag = tag;
  deepen(object, value);
  object->value = std::move(value);
  return adopt(Tag::tagged, object);
}

const Name* Value::tag_name() const noexcept {
  return static_cast<TaggedObject*>(bits_.wide.object)->tag;
}

const Value& Value::tagged_value() const noexcept {
  return static_cast<TaggedObject*>(bits_.wide.object)->value;
}

Value Value::extension(Extension* object) noexcept { return adopt(Tag::extension, object); }

Extension* Value::as_extension() const noexcept {
  return static_cast<Extension*>(bits_.wide.object);
}

std::uint64_t Extension::hash() const { return reinterpret_cast<std::uintptr_t>(this); }

// --- collections: what is the same for several kinds ---

std::size_t Value::count() const noexcept {
  Object* object = bits_.wide.object;
  switch (tag()) {
    case Tag::list:
      return object->form == form::kEmptyList ? 0 : static_cast<Cons*>(object)->count;
    case Tag::vector:
      return object->form == form::kBlock ? static_cast<Block*>(object)->count
                                          : static_cast<VectorTrie*>(object)->count;
    case Tag::map:
      if (object->form == form::kRecord) return static_cast<Record*>(object)->shape->size();
      [[fallthrough]];
    case Tag::set:
      return static_cast<Trie*>(object)->count;
    default:
      return 0;
  }
}

const Value& Value::get(std::string_view keyword_text) const {
  const Value* found = find(keyword_text);
  return found == nullptr ? kNil : *found;
}

Value Value::conj(Value item) && {
  switch (tag()) {
    case Tag::vector:
      return vector_conj(std::move(*this), std::move(item));
    case Tag::list:
      return list_conj(std::move(*this), std::move(item));
    default:
      ONYX_CHECK(is_set(), "conj on {}", name_of(kind()));
      return set_conj(std::move(*this), std::move(item));
  }
}

Value Value::pop() && {
  ONYX_CHECK(is_sequential() && count() > 0, "pop of {} {}", count(), name_of(kind()));
  return is_list() ? rest() : vector_pop(std::move(*this));
}

Items Value::items() const& { return Items(*this); }
Items Value::items() && { return Items(std::move(*this)); }
Entries Value::entries() const& { return Entries(*this); }
Entries Value::entries() && { return Entries(std::move(*this)); }

}  // namespace onyx::edn
