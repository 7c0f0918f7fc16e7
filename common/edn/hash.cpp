// The stable hash of docs/formats/hash.md. A change here is a change of that format: of every grouping and job hash.
#include <xxhash.h>

#include <bit>
#include <cmath>

#include "common/edn/iteration.h"
#include "common/edn/walk.h"

namespace onyx::edn {

namespace {

constexpr std::uint64_t kSeed = 0x6f6e79782d65646e;  // "onyx-edn"

// One number per kind that can be told apart; part of the format.
enum class Salt : std::uint64_t {
  nil = 1,
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
  sequence,
  map,
  set,
  tagged,
  extension,
};

std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9;
  x ^= x >> 27;
  x *= 0x94d049bb133111eb;
  x ^= x >> 31;
  return x;
}

std::uint64_t salted(Salt salt, std::uint64_t payload) {
  return mix(payload + static_cast<std::uint64_t>(salt) * 0x9e3779b97f4a7c15);
}

std::uint64_t real_payload(double d) {
  if (d == 0) return 0;
  if (std::isnan(d)) return 0x7ff8000000000000;
  return std::bit_cast<std::uint64_t>(d);
}

std::uint64_t hash_leaf(const Value& v) {
  switch (v.kind()) {
    case Kind::nil:
      return salted(Salt::nil, 0);
    case Kind::boolean:
      return salted(Salt::boolean, v.as_boolean() ? 1 : 0);
    case Kind::integer:
      return salted(Salt::integer, static_cast<std::uint64_t>(v.as_integer()));
    case Kind::ratio:
      return salted(Salt::ratio, mix(static_cast<std::uint64_t>(v.numerator())) +
                                     static_cast<std::uint64_t>(v.denominator()));
    case Kind::real:
      return salted(Salt::real, real_payload(v.as_real()));
    case Kind::character:
      return salted(Salt::character, v.as_character());
    case Kind::inst:
      return salted(Salt::inst, static_cast<std::uint64_t>(v.as_inst_ms()));
    case Kind::uuid:
      return salted(Salt::uuid, XXH64(v.as_uuid().data(), v.as_uuid().size(), kSeed));
    case Kind::keyword:
      return salted(Salt::keyword, v.name()->hash);
    case Kind::symbol:
      return salted(Salt::symbol, v.name()->hash);
    case Kind::string:
      return salted(Salt::string, stable_hash(v.as_string()));
    default:
      return salted(Salt::extension, v.as_extension()->hash());
  }
}

// What a collection's hash is gathered in: by order in sequences, by sum in maps and sets.
class Gathering {
 public:
  explicit Gathering(const Value& collection) {
    switch (collection.kind()) {
      case Kind::map:
        salt_ = Salt::map;
        break;
      case Kind::set:
        salt_ = Salt::set;
        break;
      case Kind::tagged:
        salt_ = Salt::tagged;
        sum_ = collection.tag_name()->hash;
        break;
      default:
        break;
    }
  }

  void add(std::uint64_t hash) {
    if (salt_ == Salt::set) {
      sum_ += mix(hash);
    } else if (salt_ == Salt::map) {
      if (has_key_) {
        sum_ += mix(key_ ^ std::rotl(mix(hash), 32));
      } else {
        key_ = hash;
      }
      has_key_ = !has_key_;
    } else {
      sum_ = mix(std::rotl(sum_, 5) ^ hash);
    }
    ++count_;
  }

  std::uint64_t result() const { return salted(salt_, sum_ + count_); }

 private:
  Salt salt_ = Salt::sequence;
  bool has_key_ = false;
  std::uint64_t key_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t count_ = 0;
};

std::uint64_t hash_deep(const Value& value) {
  std::vector<Gathering> open;
  Walk walk(value, Walk::Order::iteration);
  while (true) {
    switch (walk.next()) {
      case Walk::Event::leaf:
        open.back().add(hash_leaf(walk.value()));
        break;
      case Walk::Event::open:
        open.emplace_back(walk.value());
        break;
      case Walk::Event::close: {
        const std::uint64_t hash = open.back().result();
        open.pop_back();
        if (open.empty()) return hash;
        open.back().add(hash);
        break;
      }
      case Walk::Event::done:
        return 0;  // not reached: the close of the root returns
    }
  }
}

}  // namespace

std::uint64_t stable_hash(std::string_view bytes) {
  return XXH64(bytes.data(), bytes.size(), kSeed);
}

std::uint64_t stable_hash(const Value& value) {
  if (ValueAccess::is_leaf(value)) return hash_leaf(value);
  if (value.depth() > kRecursionMax || value.is(Kind::tagged)) return hash_deep(value);
  Gathering gathering(value);
  if (value.is_map()) {
    for (const Entry entry : value.entries()) {
      gathering.add(stable_hash(entry.key));
      gathering.add(stable_hash(entry.value));
    }
  } else {
    for (const Value& item : value.items()) gathering.add(stable_hash(item));
  }
  return gathering.result();
}

}  // namespace onyx::edn
