// Equality: at once where both sides hold no collections, in lockstep through two walks otherwise.
#include <bit>
#include <cmath>

#include "common/edn/iteration.h"
#include "common/edn/walk.h"

namespace onyx::edn {

namespace {

bool equal_leaves(const Value& a, const Value& b) {
  const Tag tag = ValueAccess::tag(a);
  if (tag != ValueAccess::tag(b)) return false;
  switch (tag) {
    case Tag::real:
      return a.as_real() == b.as_real() || (std::isnan(a.as_real()) && std::isnan(b.as_real()));
    case Tag::string:
      return a.as_string() == b.as_string();
    case Tag::ratio:
      return a.numerator() == b.numerator() && a.denominator() == b.denominator();
    case Tag::uuid:
      return a.as_uuid() == b.as_uuid();
    case Tag::extension:
      return a.object() == b.object() || a.as_extension()->equals(*b.as_extension());
    default:
      return a == b;
  }
}

// Whether two collections may be equal, by what is seen without looking at their elements.
bool equal_heads(const Value& a, const Value& b) {
  if (a.is_sequential() && b.is_sequential()) return a.count() == b.count();
  if (a.kind() != b.kind()) return false;
  if (a.is(Kind::tagged)) return a.tag_name() == b.tag_name();
  return a.count() == b.count();
}

bool equal_walks(const Value& a, const Value& b) {
  Walk left(a, Walk::Order::by_hash), right(b, Walk::Order::by_hash);
  while (true) {
    const Walk::Event event = left.next();
    if (event != right.next()) return false;
    if (event == Walk::Event::done) return true;
    if (event == Walk::Event::leaf) {
      if (!equal_leaves(left.value(), right.value())) return false;
    } else if (event == Walk::Event::open) {
      if (!equal_heads(left.value(), right.value())) return false;
      if (left.value().object() == right.value().object()) {
        left.skip();
        right.skip();
      }
    }
  }
}

bool equal_records(const Record& a, const Record& b) {
  const std::uint32_t n = a.shape->size();
  for (std::uint32_t i = 0; i < n; ++i) {
    const Value& left = a.values()[i];
    const Value* right = &b.values()[i];
    if (a.shape != b.shape) {
      const int slot = b.shape->find(a.shape->key(i));
      if (slot < 0) return false;
      right = &b.values()[slot];
    }
    if (left != *right) return false;
  }
  return true;
}

}  // namespace

bool Value::equals_slow(const Value& other) const noexcept {
  if (ValueAccess::is_leaf(*this)) return equal_leaves(*this, other);
  if (object() == other.object()) return true;
  if (!equal_heads(*this, other)) return false;
  if (depth() <= kRecursionMax && other.depth() <= kRecursionMax) {
    const Record *a = as_record(), *b = other.as_record();
    if (a != nullptr && b != nullptr) return equal_records(*a, *b);
    if (tag() == Tag::vector) {
      auto left = items().begin(), right = other.items().begin();
      for (; left != std::default_sentinel; ++left, ++right) {
        if (*left != *right) return false;
      }
      return true;
    }
  }
  return equal_walks(*this, other);
}

bool Value::equals_other_tag(const Value& other) const noexcept {
  if (!is_sequential() || !other.is_sequential() || count() != other.count()) return false;
  return equal_walks(*this, other);
}

}  // namespace onyx::edn
