// Arbitrary EDN for rapidcheck: values of every kind that text can hold, and their near misses.
//
// Shape:   include it and ask for a Value: `rc::prop("…", [](const edn::Value& v) {…})`. Sizes follow rapidcheck's; nesting
//          is at most four deep.
#pragma once

#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "common/edn/printer.h"
#include "common/edn/value.h"

namespace onyx::edn::testing {

// Few of them, so that keys meet.
inline rc::Gen<std::string> name_text() {
  return rc::gen::element<std::string>("a", "b", "c", "id", "x1", "my.ns/a", "my.ns/b", "onyx/name",
                                       "+", "->x", "é", "a//b", "quite-a-long-name/for-a-keyword");
}

inline rc::Gen<std::string> text() {
  using rc::gen::element;
  return rc::gen::map(
      rc::gen::container<std::vector<std::string>>(element<std::string>(
          "a", "b", "\"", "\\", "\n", "\t", "\r", "\b", "\f", std::string(1, '\0'), "\x1f", "\x7f",
          "é", "日", "😀", " ", "7", ";", "}", "longer than one small string")),
      [](const std::vector<std::string>& pieces) {
        std::string joined;
        for (const std::string& piece : pieces) joined += piece;
        return joined;
      });
}

inline rc::Gen<double> real() {
  return rc::gen::oneOf(
      rc::gen::arbitrary<double>(),
      rc::gen::element(0.0, -0.0, 1.0, -1.5, 1e7, 9999999.0, 1e-3, 1e-4, 5e-324,
                       1.7976931348623157e308, std::numeric_limits<double>::infinity(),
                       -std::numeric_limits<double>::infinity(),
                       std::numeric_limits<double>::quiet_NaN()),
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(),
                   [](std::int64_t i) { return static_cast<double>(i); }));
}

inline rc::Gen<std::int64_t> integer() {
  return rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-5, 6), rc::gen::arbitrary<std::int64_t>(),
                        rc::gen::element(std::numeric_limits<std::int64_t>::min(),
                                         std::numeric_limits<std::int64_t>::max()));
}

inline rc::Gen<Value> keyword() {
  return rc::gen::map(name_text(), [](const std::string& s) { return Value::keyword(s); });
}

inline rc::Gen<Value> scalar() {
  using rc::gen::map;
  return rc::gen::oneOf(
      rc::gen::just(Value()), map(rc::gen::arbitrary<bool>(), &Value::boolean),
      map(integer(), &Value::integer),
      map(rc::gen::pair(integer(), rc::gen::inRange<std::int64_t>(1, 9)),
          [](const std::pair<std::int64_t, std::int64_t>& p) {
            return *Value::ratio(p.first, p.second);
          }),
      map(real(), &Value::real),
      map(rc::gen::element<char32_t>(U'a', U'\n', U' ', U'(', U'\\', U',', U'u', U'o', U'é', U'日',
                                     U'😀', U'\u0001'),
          &Value::character),
      map(rc::gen::oneOf(integer(),
                         rc::gen::inRange<std::int64_t>(-100'000'000'000'000, 300'000'000'000'000)),
          &Value::inst),
      map(rc::gen::arbitrary<Uuid>(), &Value::uuid), keyword(),
      map(name_text(), [](const std::string& s) { return Value::symbol(s); }),
      map(text(), [](const std::string& s) { return Value::string(s); }));
}

inline rc::Gen<Value> value(int levels = 3);

inline rc::Gen<std::vector<Value>> values(int levels) {
  return rc::gen::scale(0.4, rc::gen::container<std::vector<Value>>(value(levels)));
}

inline rc::Gen<Value> collection(int levels) {
  using rc::gen::map;
  const auto entries = [](const rc::Gen<Value>& keys, int below) {
    return rc::gen::scale(0.4, rc::gen::container<std::vector<std::pair<Value, Value>>>(
                                   rc::gen::pair(keys, value(below))));
  };
  const auto to_map = [](std::vector<std::pair<Value, Value>> e) {
    return Value::map(std::move(e));
  };
  return rc::gen::oneOf(
      map(values(levels), [](std::vector<Value> v) { return Value::list(std::move(v)); }),
      map(values(levels), [](std::vector<Value> v) { return Value::vector(std::move(v)); }),
      map(values(levels), [](std::vector<Value> v) { return Value::set(std::move(v)); }),
      map(entries(keyword(), levels), to_map), map(entries(value(levels), levels), to_map),
      map(value(levels), [](Value v) { return Value::tagged(intern("my/tag"), std::move(v)); }));
}

inline rc::Gen<Value> value(int levels) {
  if (levels == 0) return scalar();
  return rc::gen::weightedOneOf<Value>(
      {{3, scalar()}, {2, rc::gen::lazy([levels] { return collection(levels - 1); })}});
}

}  // namespace onyx::edn::testing

namespace rc {

template <>
struct Arbitrary<onyx::edn::Value> {
  static Gen<onyx::edn::Value> arbitrary() { return onyx::edn::testing::value(); }
};

}  // namespace rc

namespace onyx::edn {

// How rapidcheck and Catch2 show values.
inline std::ostream& operator<<(std::ostream& out, const Value& value) {
  return out << print(value);
}

}  // namespace onyx::edn
