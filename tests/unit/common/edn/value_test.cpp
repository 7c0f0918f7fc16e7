#include "common/edn/value.h"

#include <catch2/catch.hpp>
#include <limits>

#include "common/base/pool.h"
#include "common/edn/iteration.h"
#include "common/edn/printer.h"
#include "common/edn/reader.h"

using namespace onyx::edn;

namespace {

Value parsed(std::string_view text) { return *read(text); }

}  // namespace

TEST_CASE("equality: 1 and 1.0 differ, a list equals a vector, maps compare by content", "[edn]") {
  CHECK(parsed("1") != parsed("1.0"));
  CHECK(parsed("(1 2)") == parsed("[1 2]"));
  CHECK(parsed("[(1) [2]]") == parsed("([1] (2))"));
  CHECK(parsed("{:a 1 :b 2}") == parsed("{:b 2 :a 1}"));
  CHECK(parsed("#{1 2}") == parsed("#{2 1}"));
  CHECK(parsed("{}") != parsed("[]"));
  CHECK(parsed(":a") != parsed("a"));
  CHECK(parsed("\"a\"") != parsed("\\a"));
  CHECK(parsed("0.0") == parsed("-0.0"));
  CHECK(parsed("##NaN") == parsed("##NaN"));
  CHECK(parsed("[1 2]") != parsed("[1 2 3]"));
  CHECK(parsed("#a 1") != parsed("#b 1"));
}

TEST_CASE("map: keyword and string keys make a record, others and more than 64 a trie", "[edn]") {
  CHECK(parsed("{:a 1 \"b\" 2}").as_record() != nullptr);
  CHECK(parsed("{:a 1 2 3}").as_record() == nullptr);
  Value map = Value::map();
  for (int i = 0; i < 64; ++i)
    map = std::move(map).assoc(Value::string(std::to_string(i)), Value::integer(i));
  CHECK(map.as_record() != nullptr);
  map = std::move(map).assoc(Value::keyword("one-more"), Value());
  CHECK(map.as_record() == nullptr);
  CHECK(map.count() == 65);
  CHECK(map.find(Value::string("63"))->as_integer() == 63);
}

TEST_CASE("map: an existing key of a unique record changes in place and allocates nothing",
          "[edn]") {
  Value map = parsed("{:a 1 :b 2}");
  const Object* before = map.object();
  const Value key = Value::keyword("b");
  const auto bytes = onyx::allocated_bytes();
  map = std::move(map).assoc(key, Value::integer(3));
  CHECK(onyx::allocated_bytes() == bytes);
  CHECK(map.object() == before);
  CHECK(map.get("b").as_integer() == 3);
}

TEST_CASE("map: an update of a shared record leaves the other holder's as it was", "[edn]") {
  const Value old = parsed("{:a 1 :b 2}");
  Value copy = old;
  const Value changed = std::move(copy).assoc(Value::keyword("a"), Value::integer(9));
  CHECK(print(old) == "{:a 1, :b 2}");
  CHECK(print(changed) == "{:a 9, :b 2}");
}

TEST_CASE("map: later entries win, the place of the first stays", "[edn]") {
  const Value map = Value::map({{Value::keyword("a"), Value::integer(1)},
                                {Value::keyword("b"), Value::integer(2)},
                                {Value::keyword("a"), Value::integer(3)}});
  CHECK(print(map) == "{:a 3, :b 2}");
}

TEST_CASE("map: dissoc drops a key of a record and keeps the order of the others", "[edn]") {
  const Value map = parsed("{:a 1 :b 2 :c 3}");
  CHECK(print(map.dissoc(Value::keyword("b"))) == "{:a 1, :c 3}");
  CHECK(map.dissoc(Value::keyword("x")).object() == map.object());
  // The same keys in the same order are the same shape, whichever way they were reached.
  CHECK(map.dissoc(Value::keyword("b")).as_record()->shape ==
        parsed("{:a 0 :c 0}").as_record()->shape);
}

TEST_CASE("map: find by text never interns", "[edn]") {
  const Value map = parsed("{:a 1}");
  CHECK(map.find("a")->as_integer() == 1);
  CHECK(map.find("never-interned-by-anybody") == nullptr);
  CHECK(find_name("never-interned-by-anybody") == nullptr);
  CHECK(map.get("never-interned-by-anybody").is_nil());
  CHECK(Value().find("a") == nullptr);
}

TEST_CASE("ratio: lowest terms, whole ones are integers, overflow is refused", "[edn]") {
  CHECK(print(*Value::ratio(6, -4)) == "-3/2");
  CHECK(Value::ratio(6, 3)->as_integer() == 2);
  CHECK(Value::ratio(0, 7)->as_integer() == 0);
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  CHECK_FALSE(Value::ratio(kMin, -1).has_value());
  CHECK_FALSE(Value::ratio(1, kMin).has_value());
  CHECK(Value::ratio(kMin, kMin)->as_integer() == 1);
  CHECK(Value::ratio(1, 4)->to_double() == 0.25);
}

TEST_CASE("order: kinds first, then content", "[edn]") {
  const char* ascending[] = {
      "nil", "false", "true",  "##NaN", "##-Inf", "-1",    "0",     "1/2",
      "1",   "1.0",   "3/2",   "2",     "##Inf",  "\\a",   "\\b",   "#inst \"2000\"",
      ":a",  ":b",    ":a/a",  "a",     "\"\"",   "\"a\"", "\"b\"", "[]",
      "[2]", "[1 2]", "[1 3]", "{}",    "{:a 1}", "#{}",   "#{1}",  "#a 1",
      "#b 0"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      INFO(ascending[i] << " and " << ascending[j]);
      CHECK((compare(parsed(ascending[i]), parsed(ascending[j])) < 0) == (i < j));
    }
  }
}

TEST_CASE("order: integers and doubles compare exactly beyond 2^53", "[edn]") {
  CHECK((compare(parsed("9007199254740993"), parsed("9007199254740992.0")) > 0));
  CHECK((compare(parsed("9223372036854775807"), parsed("9223372036854775808.0")) < 0));
  CHECK((compare(parsed("-9223372036854775808"), parsed("-9223372036854775808.0")) < 0));
  CHECK((compare(parsed("1/3"), parsed("0.3333333333333333")) > 0));
  CHECK((compare(parsed("-1/3"), parsed("-0.3333333333333333")) < 0));
}

TEST_CASE("range: of an rvalue keeps its collection alive", "[edn]") {
  std::int64_t sum = 0;
  for (const Value& v : parsed("[1 2 3]").items()) sum += v.as_integer();
  for (const Entry e : parsed("{:a 10 :b 20}").entries()) sum += e.value.as_integer();
  CHECK(sum == 36);
}

TEST_CASE("strings: up to 14 bytes lie inside the value, longer ones outside", "[edn]") {
  const Value small = Value::string("fourteen bytes"), large = Value::string("fifteen bytes !");
  CHECK(small.object() == nullptr);
  CHECK(large.object() != nullptr);
  CHECK(small.as_string() == "fourteen bytes");
  CHECK(large.as_string() == "fifteen bytes !");
  CHECK(large == Value::string("fifteen bytes !"));
}

TEST_CASE("depth: one more than the deepest element", "[edn]") {
  CHECK(parsed("1").depth() == 0);
  CHECK(parsed("\"a long string, outside\"").depth() == 0);
  CHECK(parsed("[]").depth() == 1);
  CHECK(parsed("[[] {:a [1]}]").depth() == 3);
  CHECK(parsed("#{[1]}").depth() == 2);
  CHECK(parsed("{[[1]] 2}").depth() == 3);
  CHECK(parsed("(1 (2))").depth() == 2);
  CHECK(Value::map().assoc(Value::keyword("a"), parsed("[[1]]")).depth() == 3);
}

namespace {

struct Counted : Extension {
  explicit Counted(int* alive_now, Value held = {}) : alive(alive_now), inner(std::move(held)) {
    ++*alive;
  }
  ~Counted() override { --*alive; }
  std::string_view type_name() const override { return "counted"; }
  void print(std::string& out) const override { out += "#<counted>"; }
  int* alive;
  Value inner;
};

}  // namespace

TEST_CASE("extension: deleted with the last value, also a long chain of them", "[edn]") {
  int alive = 0;
  {
    Value chain;
    for (int i = 0; i < 200'000; ++i) {
      chain = Value::extension(new Counted(&alive, std::move(chain)));
      chain = Value::vector({std::move(chain)});
    }
    CHECK(alive == 200'000);
    CHECK(print(chain) == "[#<counted>]");
  }
  CHECK(alive == 0);
}

TEST_CASE("map: many keys of one hash are found, replaced and removed", "[edn]") {
  // Extensions choose their hash: this one collides in all 64 bits.
  struct Colliding : Extension {
    explicit Colliding(int n) : number(n) {}
    std::string_view type_name() const override { return "colliding"; }
    void print(std::string& out) const override { out += std::to_string(number); }
    std::uint64_t hash() const override { return 42; }
    int number;
  };
  std::vector<Value> keys;
  for (int i = 0; i < 100; ++i) keys.push_back(Value::extension(new Colliding(i)));
  Value map = Value::map();
  for (int i = 0; i < 100; ++i)
    map = std::move(map).assoc(keys[static_cast<std::size_t>(i)], Value::integer(i));
  const Value full = map;
  CHECK(map.count() == 100);
  for (int i = 0; i < 100; ++i)
    CHECK(map.find(keys[static_cast<std::size_t>(i)])->as_integer() == i);
  for (int i = 0; i < 99; ++i) map = std::move(map).dissoc(keys[static_cast<std::size_t>(i)]);
  CHECK(map.count() == 1);
  CHECK(map.find(keys[99])->as_integer() == 99);
  CHECK(map == Value::map({{keys[99], Value::integer(99)}}));
  CHECK(full.count() == 100);
}
