// An EDN value, which is also what a segment's fields, a job, an entry of the log and the function language's data are.
//
// Shape:   16 bytes: a tag and an immediate (nil, boolean, integer, real, character, inst, keyword, symbol, a string of
//          up to 14 bytes) or a pointer to an immutable object with an atomic reference count. Collections are
//          persistent: an update shares what it does not change, and works in place when nobody else holds the object.
//          A map with keyword and string keys only and at most kShapeKeysMax of them is a *record*: a shared Shape and
//          its values in one block, in insertion order. Any other map or set is a hash trie, whose iteration order
//          follows the stable hash and so is the same on every machine.
// Units:   `inst` counts milliseconds since 1970-01-01T00:00:00Z.
// Thread:  a Value object belongs to one thread at a time; what it points to may be shared by any number.
// Source:  equality, order and hashing follow Clojure 1.10: 1 and 1.0 differ, 0.0 and -0.0 do not, a list equals a
//          vector with equal elements, maps and sets compare by content (docs/formats/hash.md). Unlike Clojure's =,
//          ##NaN equals itself, so that equality is an equivalence and every value can be a key.
// Depth:   every function here works on towers of any depth without using the stack for it.
#pragma once

#include <array>
#include <atomic>
#include <compare>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/edn/name.h"

namespace onyx::edn {

class Value;
class Shape;
struct Record;

enum class Kind : std::uint8_t {
  nil,
  boolean,
  integer,
  ratio,
  real,
  character,
  inst,
  uuid,
  keyword,
  symbol,
  string,
  list,
  vector,
  map,
  set,
  tagged,     // #tag value, for a tag that nobody interprets
  extension,  // an object of the function language: function, lazy sequence, pattern, exception …
};

std::string_view name_of(Kind kind);  // "integer", "keyword", "map" …

using Uuid = std::array<std::uint8_t, 16>;

// Head of everything that a Value points to.
struct Object {
  std::atomic<std::uint32_t> references{1};
  std::uint8_t form = 0;   // which representation within the kind
  std::uint8_t spare = 0;  // records: values allocated and not in use
  std::uint16_t depth =
      1;  // at least 1 + the deepest element, saturating: callers may refuse towers by it
};

// Objects of the function language. A subclass is created with `new`, handed to Value::extension and deleted by the
// last Value that goes.
class Extension : public Object {
 public:
  virtual ~Extension() = default;
  virtual std::string_view type_name() const = 0;  // "function", "sequence", "pattern" …
  virtual void print(std::string& out) const = 0;  // readable text, for example #<fn my.ns/inc>
  virtual bool equals(const Extension& other) const { return this == &other; }
  virtual std::uint64_t hash() const;  // of the address, unless overridden
};

struct Entry {
  const Value& key;
  const Value& value;
};

class Entries;  // range over a map:               for (Entry e : map.entries())
class Items;    // range over list, vector or set: for (const Value& v : vector.items())

class Value {
 public:
  Value() noexcept { zero(Tag::nil); }
  Value(const Value& other) noexcept {
    copy_bits(other);
    retain();
  }
  Value(Value&& other) noexcept {
    copy_bits(other);
    other.zero(Tag::nil);
  }
  Value& operator=(const Value& other) noexcept {
    if (this != &other) {
      other.retain();
      release();
      copy_bits(other);
    }
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    if (this != &other) {
      release();
      copy_bits(other);
      other.zero(Tag::nil);
    }
    return *this;
  }
  ~Value() { release(); }

  // --- making one ---
  static Value boolean(bool b) noexcept {
    Value v;
    v.zero(Tag::boolean);
    v.bits_.wide.integer = b;
    return v;
  }
  static Value integer(std::int64_t i) noexcept {
    Value v;
    v.zero(Tag::integer);
    v.bits_.wide.integer = i;
    return v;
  }
  static Value real(double d) noexcept {
    Value v;
    v.zero(Tag::real);
    v.bits_.wide.real = d;
    return v;
  }
  static Value character(char32_t c) noexcept {
    Value v;
    v.zero(Tag::character);
    v.bits_.wide.integer = c;
    return v;
  }
  static Value inst(std::int64_t ms) noexcept {
    Value v;
    v.zero(Tag::inst);
    v.bits_.wide.integer = ms;
    return v;
  }
  static Value keyword(const Name* name) noexcept {
    Value v;
    v.zero(Tag::keyword);
    v.bits_.wide.name = name;
    return v;
  }
  static Value symbol(const Name* name) noexcept {
    Value v;
    v.zero(Tag::symbol);
    v.bits_.wide.name = name;
    return v;
  }
  static Value keyword(std::string_view text) {
    return keyword(intern(text));
  }  // "ns/name", no colon
  static Value symbol(std::string_view text) { return symbol(intern(text)); }
  static Value string(std::string_view utf8) {
    Value v;
    if (utf8.size() <= kInlineMax) {
      v.zero(Tag::small_string);
      v.bits_.small.length = static_cast<std::uint8_t>(utf8.size());
      std::memcpy(v.bits_.small.text, utf8.data(), utf8.size());
    } else {
      v.make_long_string(utf8);
    }
    return v;
  }
  static Value uuid(const Uuid& bytes);
  // The exact quotient in lowest terms: an integer when it is whole. Denominator not 0; nullopt when a part of the
  // reduced result does not fit 64 bits.
  static std::optional<Value> ratio(std::int64_t numerator, std::int64_t denominator);
  static Value list(std::vector<Value> items = {});
  static Value vector(std::vector<Value> items = {});
  // Later entries win over earlier ones with an equal key.
  static Value map(std::vector<std::pair<Value, Value>> entries = {});
  static Value set(std::vector<Value> items = {});
  static Value tagged(const Name* tag, Value value);
  static Value extension(Extension* object) noexcept;  // takes the reference it was created with
  // A record from a shape and as many values, moved out of the range.
  static Value record(const Shape* shape, std::span<Value> values);

  // --- asking ---
  Kind kind() const noexcept { return kKindOf[static_cast<std::size_t>(tag())]; }
  bool is(Kind k) const noexcept { return kind() == k; }
  bool is_nil() const noexcept { return tag() == Tag::nil; }
  bool is_integer() const noexcept { return tag() == Tag::integer; }
  bool is_real() const noexcept { return tag() == Tag::real; }
  bool is_keyword() const noexcept { return tag() == Tag::keyword; }
  bool is_symbol() const noexcept { return tag() == Tag::symbol; }
  bool is_string() const noexcept { return tag() == Tag::small_string || tag() == Tag::string; }
  bool is_map() const noexcept { return tag() == Tag::map; }
  bool is_vector() const noexcept { return tag() == Tag::vector; }
  bool is_list() const noexcept { return tag() == Tag::list; }
  bool is_set() const noexcept { return tag() == Tag::set; }
  bool is_number() const noexcept {
    return tag() == Tag::integer || tag() == Tag::real || tag() == Tag::ratio;
  }
  bool is_sequential() const noexcept { return tag() == Tag::list || tag() == Tag::vector; }
  bool is_keyword(std::string_view text) const { return is_keyword() && name()->text == text; }
  // Clojure's truth: everything but nil and false.
  bool is_truthy() const noexcept {
    return tag() > Tag::boolean || (tag() == Tag::boolean && bits_.wide.integer != 0);
  }

  // --- reading; the kind must be right ---
  bool as_boolean() const noexcept { return bits_.wide.integer != 0; }
  std::int64_t as_integer() const noexcept { return bits_.wide.integer; }
  double as_real() const noexcept { return bits_.wide.real; }
  char32_t as_character() const noexcept { return static_cast<char32_t>(bits_.wide.integer); }
  std::int64_t as_inst_ms() const noexcept { return bits_.wide.integer; }
  const Name* name() const noexcept { return bits_.wide.name; }  // keyword or symbol
  std::string_view as_string() const noexcept {
    if (tag() == Tag::small_string) return {bits_.small.text, bits_.small.length};
    return long_string();
  }
  const Uuid& as_uuid() const noexcept;
  std::int64_t numerator() const noexcept;    // ratio
  std::int64_t denominator() const noexcept;  // ratio; > 1
  const Name* tag_name() const noexcept;      // tagged
  const Value& tagged_value() const noexcept;
  Extension* as_extension() const noexcept;  // extension; borrowed
  double to_double() const noexcept;         // any number

  // --- collections ---
  std::size_t count() const noexcept;  // elements of list, vector, set; entries of a map; 0 for nil
  std::uint16_t depth() const noexcept {
    return is_object() ? bits_.wide.object->depth : std::uint16_t{0};
  }
  // Ranges borrow from this value; those of an rvalue keep it alive.
  Items items() const&;  // list, vector or set
  Items items() &&;
  Entries entries() const&;  // map
  Entries entries() &&;
  const Value& at(std::size_t index) const;  // vector or list, index < count(); O(n) on a list
  const Value* find(
      const Value& key) const;  // map: the value; set: the element; nullptr when absent
  const Value* find(std::string_view keyword_text) const;  // map: under that keyword; never interns
  const Value& get(std::string_view keyword_text) const;   // the same, nil when absent

  // Persistent updates. On an rvalue whose object nobody else holds they work in place.
  Value assoc(Value key, Value value) &&;  // map
  Value assoc(Value key, Value value) const& {
    return Value(*this).assoc(std::move(key), std::move(value));
  }
  Value dissoc(const Value& key) &&;  // map
  Value dissoc(const Value& key) const& { return Value(*this).dissoc(key); }
  Value conj(Value item) &&;  // vector: at the end; list: in front; set: into
  Value conj(Value item) const& { return Value(*this).conj(std::move(item)); }
  Value disj(const Value& item) &&;  // set
  Value disj(const Value& item) const& { return Value(*this).disj(item); }
  Value with_at(std::size_t index, Value item) &&;  // vector, index <= count()
  Value with_at(std::size_t index, Value item) const& {
    return Value(*this).with_at(index, std::move(item));
  }
  Value pop() &&;  // vector: without the last; list: without the first; not empty
  Value pop() const& { return Value(*this).pop(); }
  Value rest() const;  // list: without the first; O(1)

  // --- records, for code that must not hash ---
  // The record behind a map, or nullptr when it is a trie. Borrowed.
  inline Record* as_record() const noexcept;
  // A copy of a record, with another value at `slot` of its shape.
  Value with_slot(std::uint32_t slot, Value value) const;
  // True when nobody else holds the object, so that its holder may change it in place.
  bool is_unique() const noexcept {
    return bits_.wide.object->references.load(std::memory_order_acquire) == 1;
  }

  // The address behind a collection, string or extension: an identity, never shown.
  const Object* object() const noexcept { return is_object() ? bits_.wide.object : nullptr; }

  friend bool operator==(const Value& a, const Value& b) noexcept {
    if (a.tag() != b.tag()) return a.equals_other_tag(b);
    if (a.tag() < Tag::first_slow)
      return a.bits_.words[0] == b.bits_.words[0] && a.bits_.words[1] == b.bits_.words[1];
    return a.equals_slow(b);
  }

 private:
  static constexpr std::size_t kInlineMax = 14;

  // Order matters: nil, boolean first (truth); immediates that compare by their bits before first_slow.
  enum class Tag : std::uint8_t {
    nil,
    boolean,
    integer,
    character,
    inst,
    keyword,
    symbol,
    small_string,
    real,
    first_slow = real,
    string,
    first_object = string,
    ratio,
    uuid,
    list,
    vector,
    map,
    set,
    tagged,
    extension,
  };
  static constexpr Kind kKindOf[] = {
      Kind::nil,    Kind::boolean, Kind::integer, Kind::character, Kind::inst,   Kind::keyword,
      Kind::symbol, Kind::string,  Kind::real,    Kind::string,    Kind::ratio,  Kind::uuid,
      Kind::list,   Kind::vector,  Kind::map,     Kind::set,       Kind::tagged, Kind::extension};

  // `tag` is the first byte of both members; unused bytes are zero.
  union Bits {
    struct {
      Tag tag;
      std::uint8_t length;
      char text[kInlineMax];
    } small;
    struct {
      Tag tag;
      std::uint8_t zero[7];
      union {
        std::int64_t integer;
        double real;
        const Name* name;
        Object* object;
      };
    } wide;
    std::uint64_t words[2];  // the tag is the low byte of the first: little-endian machines only
  };

  Tag tag() const noexcept { return bits_.small.tag; }
  void zero(Tag t) noexcept {
    bits_.words[0] = static_cast<std::uint64_t>(t);
    bits_.words[1] = 0;
  }
  // By two words: a 16-byte load of what was just stored as two words stalls for a dozen cycles, and the barrier keeps
  // the compiler from making one of them.
  void copy_bits(const Value& other) noexcept {
    std::uint64_t second = other.bits_.words[1];
    asm("" : "+r"(second));
    bits_.words[0] = other.bits_.words[0];
    bits_.words[1] = second;
  }
  bool is_object() const noexcept { return tag() >= Tag::first_object; }
  void retain() const noexcept {
    if (is_object()) bits_.wide.object->references.fetch_add(1, std::memory_order_relaxed);
  }
  void release() noexcept {
    if (is_object()) drop();
  }
  void drop() noexcept {
    Object* object = bits_.wide.object;
    if (object->references.load(std::memory_order_acquire) == 1 ||
        object->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      destroy(object);
    }
  }
  void destroy(Object* object) noexcept;  // iterative: a deep value never overflows the stack
  void make_long_string(std::string_view utf8);
  std::string_view long_string() const noexcept;
  bool equals_slow(const Value& other) const noexcept;
  bool equals_other_tag(const Value& other) const noexcept;  // list = vector, nothing else
  static Value adopt(Tag tag, Object* object) noexcept {
    Value v;
    v.zero(tag);
    v.bits_.wide.object = object;
    return v;
  }

  Bits bits_;

  friend class ValueAccess;  // the collections' own files
};
static_assert(sizeof(Value) == 16);

// A map in its record form: `shape->size()` values follow the head.
struct Record : Object {
  const Shape* shape;
  Value* values() noexcept { return reinterpret_cast<Value*>(this + 1); }
  const Value* values() const noexcept { return reinterpret_cast<const Value*>(this + 1); }
};
static_assert(sizeof(Record) == 16);

inline Record* Value::as_record() const noexcept {
  return tag() == Tag::map && bits_.wide.object->form == 0 ? static_cast<Record*>(bits_.wide.object)
                                                           : nullptr;
}

// The one hash: 64 bits, a documented format (docs/formats/hash.md), the same on every machine and in every version.
std::uint64_t stable_hash(const Value& value);
std::uint64_t stable_hash(std::string_view bytes);

// A total order over all values: by kind, then by content; numbers compare by value across kinds, ties by kind.
std::strong_ordering compare(const Value& a, const Value& b);

struct ValueHash {
  std::size_t operator()(const Value& v) const { return stable_hash(v); }
};
struct ValueLess {
  bool operator()(const Value& a, const Value& b) const { return compare(a, b) < 0; }
};

}  // namespace onyx::edn

#include "common/edn/iteration.h"  // Entries and Items, which need Value complete
