// The total order, in lockstep through two walks.
#include <cmath>

#include "common/edn/walk.h"
#include "common/edn/wide.h"

namespace onyx::edn {

namespace {

using Order = std::strong_ordering;

int rank_of(Kind kind) {
  switch (kind) {
    case Kind::nil:
      return 0;
    case Kind::boolean:
      return 1;
    case Kind::integer:
    case Kind::ratio:
    case Kind::real:
      return 2;
    case Kind::vector:
      return static_cast<int>(Kind::list) + 1;
    default:
      return static_cast<int>(kind) + 1;
  }
}

template <class T>
Order order_of(const T& a, const T& b) {
  return a < b ? Order::less : b < a ? Order::greater : Order::equal;
}

struct Fraction {
  std::int64_t numerator, denominator;
};

Fraction fraction_of(const Value& v) {
  if (v.is_integer()) return {v.as_integer(), 1};
  return {v.numerator(), v.denominator()};
}

// Exact: digit by digit in base 2^32, because neither side fits the other's type.
Order compare_fraction(Fraction a, double b) {
  if (std::isnan(b)) return Order::greater;
  if (b >= 0x1p63) return Order::less;
  if (b < -0x1p63) return Order::greater;
  std::int64_t whole = a.numerator / a.denominator, rest = a.numerator % a.denominator;
  if (rest < 0) {
    rest += a.denominator;
    --whole;
  }
  const double floor = std::floor(b);
  if (const Order o = order_of(whole, static_cast<std::int64_t>(floor)); o != 0) return o;
  double fraction = b - floor;
  while (true) {
    if (fraction == 0) return rest == 0 ? Order::equal : Order::greater;
    if (rest == 0) return Order::less;
    const auto shifted = static_cast<UInt128>(rest) << 32;
    const auto digit =
        static_cast<std::uint64_t>(shifted / static_cast<std::uint64_t>(a.denominator));
    rest = static_cast<std::int64_t>(shifted % static_cast<std::uint64_t>(a.denominator));
    fraction *= 0x1p32;
    const double other = std::floor(fraction);
    fraction -= other;
    if (const Order o = order_of(digit, static_cast<std::uint64_t>(other)); o != 0) return o;
  }
}

Order compare_reals(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return order_of(!std::isnan(a), !std::isnan(b));
  return order_of(a, b);
}

// By value, then integer before ratio before real; NaN before every number.
Order compare_numbers(const Value& a, const Value& b) {
  if (a.is_integer() && b.is_integer()) return order_of(a.as_integer(), b.as_integer());
  if (a.is_real() && b.is_real()) return compare_reals(a.as_real(), b.as_real());
  Order by_value = Order::equal;
  if (a.is_real()) {
    by_value = 0 <=> compare_fraction(fraction_of(b), a.as_real());
  } else if (b.is_real()) {
    by_value = compare_fraction(fraction_of(a), b.as_real());
  } else {
    const Fraction l = fraction_of(a), r = fraction_of(b);
    by_value = order_of(static_cast<Int128>(l.numerator) * r.denominator,
                        static_cast<Int128>(r.numerator) * l.denominator);
  }
  return by_value != 0 ? by_value : order_of(a.kind(), b.kind());
}

// As Clojure: names without a namespace first, then by namespace, then by name; by code point.
Order compare_names(const Name* a, const Name* b) {
  if (a == b) return Order::equal;
  if (const Order o = order_of(a->ns(), b->ns()); o != 0) return o;
  return order_of(a->name(), b->name());
}

Order compare_extensions(const Value& a, const Value& b) {
  if (a == b) return Order::equal;
  if (const Order o = order_of(a.as_extension()->type_name(), b.as_extension()->type_name());
      o != 0) {
    return o;
  }
  return order_of(reinterpret_cast<std::uintptr_t>(a.object()),
                  reinterpret_cast<std::uintptr_t>(b.object()));
}

// Everything but collections; for those, what comes before their elements: kind, count, tag.
Order compare_heads(const Value& a, const Value& b) {
  if (const Order o = order_of(rank_of(a.kind()), rank_of(b.kind())); o != 0) return o;
  switch (a.kind()) {
    case Kind::nil:
      return Order::equal;
    case Kind::boolean:
      return order_of(a.as_boolean(), b.as_boolean());
    case Kind::integer:
    case Kind::ratio:
    case Kind::real:
      return compare_numbers(a, b);
    case Kind::character:
      return order_of(a.as_character(), b.as_character());
    case Kind::inst:
      return order_of(a.as_inst_ms(), b.as_inst_ms());
    case Kind::uuid:
      return order_of(a.as_uuid(), b.as_uuid());
    case Kind::keyword:
    case Kind::symbol:
      return compare_names(a.name(), b.name());
    case Kind::string:
      return order_of(a.as_string(), b.as_string());
    case Kind::tagged:
      return compare_names(a.tag_name(), b.tag_name());
    case Kind::extension:
      return compare_extensions(a, b);
    default:
      return order_of(a.count(), b.count());
  }
}

}  // namespace

std::strong_ordering compare(const Value& a, const Value& b) {
  if (ValueAccess::is_leaf(a) || ValueAccess::is_leaf(b)) return compare_heads(a, b);
  Walk left(a, Walk::Order::by_hash), right(b, Walk::Order::by_hash);
  while (true) {
    const Walk::Event event = left.next();
    // In step: heads that are equal have equally many elements.
    right.next();
    if (event == Walk::Event::done) return Order::equal;
    if (event == Walk::Event::close) continue;
    if (const Order o = compare_heads(left.value(), right.value()); o != 0) return o;
    if (event == Walk::Event::open && left.value().object() == right.value().object()) {
      left.skip();
      right.skip();
    }
  }
}

}  // namespace onyx::edn
