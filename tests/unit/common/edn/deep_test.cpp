// Towers far deeper than any stack: built, compared, hashed, printed and destroyed.
#include <catch2/catch.hpp>

#include "common/edn/iteration.h"
#include "common/edn/printer.h"
#include "common/edn/value.h"

using namespace onyx::edn;

namespace {

constexpr int kLevels = 300'000;

template <class Wrap>
Value tower(Wrap wrap) {
  Value v = Value::integer(1);
  for (int i = 0; i < kLevels; ++i) v = wrap(std::move(v));
  return v;
}

template <class Wrap>
void check_tower(Wrap wrap) {
  const Value a = tower(wrap), b = tower(wrap);
  CHECK(a.depth() == 65'535);
  CHECK(a == b);
  CHECK((compare(a, b) == 0));
  CHECK(stable_hash(a) == stable_hash(b));
  CHECK(print(a).size() > static_cast<std::size_t>(kLevels) * 2);
  CHECK(pretty(a) == print(a));
  CHECK(print_canonical(a) == print_canonical(b));
}

}  // namespace

TEST_CASE("deep: vectors", "[edn]") {
  check_tower([](Value v) { return Value::vector({std::move(v)}); });
}

TEST_CASE("deep: lists", "[edn]") {
  check_tower([](Value v) { return Value::list({std::move(v)}); });
}

TEST_CASE("deep: records", "[edn]") {
  const Shape* shape = Value::map({{Value::keyword("a"), Value()}}).as_record()->shape;
  check_tower([&](Value v) { return Value::record(shape, {&v, 1}); });
}

TEST_CASE("deep: tagged values", "[edn]") {
  check_tower([](Value v) { return Value::tagged(intern("t"), std::move(v)); });
}

TEST_CASE("deep: a list as long as memory is destroyed without the stack", "[edn]") {
  Value list = Value::list();
  for (int i = 0; i < 1'000'000; ++i) list = std::move(list).conj(Value::integer(i));
  CHECK(list.count() == 1'000'000);
  list = Value();
  CHECK(list.is_nil());
}
