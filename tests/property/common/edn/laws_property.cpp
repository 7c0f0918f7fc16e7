// Equality, order and hash belong together.
#include <algorithm>
#include <catch2/catch.hpp>

#include "common/edn/iteration.h"
#include "common/edn/printer.h"
#include "tests/support/edn_generators.h"

using namespace onyx::edn;

namespace {

// An equal value that came about in another way: maps in reverse order, lists for vectors, no shared objects.
Value rebuilt(const Value& v) {
  switch (v.kind()) {
    case Kind::vector:
    case Kind::list: {
      std::vector<Value> items;
      for (const Value& item : v.items()) items.push_back(rebuilt(item));
      return v.is_vector() ? Value::list(std::move(items)) : Value::vector(std::move(items));
    }
    case Kind::set: {
      std::vector<Value> items;
      for (const Value& item : v.items()) items.push_back(rebuilt(item));
      Value set = Value::set();
      for (auto at = items.rbegin(); at != items.rend(); ++at) set = std::move(set).conj(*at);
      return set;
    }
    case Kind::map: {
      std::vector<std::pair<Value, Value>> entries;
      for (const Entry e : v.entries()) entries.emplace_back(rebuilt(e.key), rebuilt(e.value));
      // By way of a trie: the key that no record has comes and goes.
      Value map = Value::map({{Value::integer(77), Value()}});
      for (auto at = entries.rbegin(); at != entries.rend(); ++at)
        map = std::move(map).assoc(at->first, at->second);
      return v.find(Value::integer(77)) != nullptr ? map
                                                   : std::move(map).dissoc(Value::integer(77));
    }
    case Kind::tagged:
      return Value::tagged(v.tag_name(), rebuilt(v.tagged_value()));
    case Kind::string:
      return Value::string(std::string(v.as_string()));
    default:
      return v;
  }
}

void check(const char* name, bool holds) {
  INFO(name);
  REQUIRE(holds);
}

}  // namespace

TEST_CASE("value: is equal to itself and to the same built otherwise", "[edn]") {
  check("equal", rc::check([](const Value& v) {
          const Value same = rebuilt(v);
          RC_ASSERT(v == v);
          RC_ASSERT(v == same);
          RC_ASSERT(same == v);
          RC_ASSERT(stable_hash(v) == stable_hash(same));
          RC_ASSERT((compare(v, same) == 0));
          RC_ASSERT(print_canonical(v) == print_canonical(same));
        }));
}

TEST_CASE("value: order and equality agree, and order is antisymmetric", "[edn]") {
  check("order", rc::check([](const Value& a, const Value& b) {
          const auto ab = compare(a, b), ba = compare(b, a);
          RC_ASSERT((ab == 0) == (a == b));
          RC_ASSERT((ab < 0) == (ba > 0));
          RC_ASSERT((a == b) == (b == a));
          RC_ASSERT((a == b) == (print_canonical(a) == print_canonical(b)));
          if (a == b) RC_ASSERT(stable_hash(a) == stable_hash(b));
        }));
}

TEST_CASE("value: order is transitive", "[edn]") {
  check("transitive", rc::check([] {
          std::vector<Value> three = *rc::gen::container<std::vector<Value>>(3, testing::value(2));
          std::sort(three.begin(), three.end(), ValueLess());
          RC_ASSERT((compare(three[0], three[1]) <= 0));
          RC_ASSERT((compare(three[1], three[2]) <= 0));
          RC_ASSERT((compare(three[0], three[2]) <= 0));
        }));
}

TEST_CASE("numbers: order is by value across kinds", "[edn]") {
  const auto number = [] {
    return rc::gen::oneOf(rc::gen::map(testing::integer(), &Value::integer),
                          rc::gen::map(testing::real(), &Value::real),
                          rc::gen::map(rc::gen::pair(rc::gen::inRange<std::int64_t>(-1000, 1000),
                                                     rc::gen::inRange<std::int64_t>(1, 64)),
                                       [](const std::pair<std::int64_t, std::int64_t>& p) {
                                         return *Value::ratio(p.first, p.second);
                                       }));
  };
  check("numbers", rc::check([&] {
          const Value a = *number(), b = *number();
          const auto exact = [](const Value& v) {
            if (v.is_integer()) return static_cast<long double>(v.as_integer());
            if (v.is_real()) return static_cast<long double>(v.as_real());
            return static_cast<long double>(v.numerator()) /
                   static_cast<long double>(v.denominator());
          };
          // long double holds every 64-bit integer and double; small ratios differ by more than its rounding.
          if (exact(a) < exact(b)) RC_ASSERT((compare(a, b) < 0));
          if (exact(a) > exact(b)) RC_ASSERT((compare(a, b) > 0));
        }));
}
