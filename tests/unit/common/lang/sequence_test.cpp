#include "common/lang/sequence.h"
#include "common/edn/reader.h"

#include <catch2/catch.hpp>

#include "common/edn/printer.h"
#include "common/lang/equality.h"
#include "common/lang/exception.h"

using namespace onyx::lang;
using onyx::edn::print;
using onyx::edn::read;

namespace {

// 0, 1, 2 … below `end`, counting how often it was asked.
class Counter final : public Producer {
 public:
  Counter(std::int64_t end, int* asked) : end_(end), asked_(asked) {}
  bool next(Call&, Value& out) override {
    ++*asked_;
    if (at_ == end_) return false;
    out = Value::integer(at_++);
    return true;
  }

 private:
  std::int64_t at_ = 0;
  std::int64_t end_;
  int* asked_;
};

Value counter(std::int64_t end, int* asked) {
  return Sequence::make(std::make_unique<Counter>(end, asked));
}

Value of(std::string_view text) { return *read(text); }

}  // namespace

TEST_CASE("sequence: each element is made once, when it is needed", "[lang][sequence]") {
  Call call;
  int asked = 0;
  const Value numbers = counter(3, &asked);
  CHECK(asked == 0);
  CHECK(first(call, numbers) == Value::integer(0));
  CHECK(first(call, numbers) == Value::integer(0));
  CHECK(asked == 1);
  CHECK(collect(call, numbers, "test").size() == 3);
  CHECK(collect(call, numbers, "test").size() == 3);
  CHECK(asked == 4);
}

TEST_CASE("sequence: marks everything that holds it", "[lang][sequence]") {
  int asked = 0;
  const Value numbers = counter(2, &asked);
  CHECK_FALSE(is_plain(numbers));
  CHECK_FALSE(is_plain(Value::vector({Value::map({{Value::keyword("a"), numbers}})})));
  CHECK(is_plain(of("[{:a (1 2)}]")));
  CHECK(asked == 0);
}

TEST_CASE("realise: turns sequences into lists at any depth", "[lang][sequence]") {
  Call call;
  int asked = 0;
  const Value nested = Value::vector(
      {Value::map({{Value::keyword("a"), counter(2, &asked)}}), Value::list({counter(1, &asked)})});
  const Value plain = realise(call, nested);
  CHECK(is_plain(plain));
  CHECK(print(plain) == "[{:a (0 1)} ((0))]");
  const Value untouched = of("[1 {:a 2}]");
  CHECK(realise(call, untouched).object() == untouched.object());
}

TEST_CASE("cursor: walks every kind of collection", "[lang][sequence]") {
  Call call;
  CHECK(print(Value::vector(collect(call, of("(1 2)"), "test"))) == "[1 2]");
  CHECK(print(Value::vector(collect(call, of("[1 2]"), "test"))) == "[1 2]");
  CHECK(print(Value::vector(collect(call, of("{:a 1}"), "test"))) == "[[:a 1]]");
  CHECK(print(Value::vector(collect(call, of("#{1}"), "test"))) == "[1]");
  CHECK(print(Value::vector(collect(call, of("\"aλ☕\""), "test"))) == "[\\a \\λ \\☕]");
  CHECK(collect(call, Value(), "test").empty());
  CHECK_THROWS_AS(collect(call, Value::integer(7), "test"), Thrown);
}

TEST_CASE("cursor: rest gives what was not walked yet", "[lang][sequence]") {
  Call call;
  int asked = 0;
  for (const Value& collection :
       {of("(0 1 2)"), of("[0 1 2]"), of("#{0}"), of("\"abc\""), counter(3, &asked)}) {
    const std::size_t length = count(call, collection);
    SeqCursor cursor(collection, "test");
    Value skipped;
    REQUIRE(cursor.next(call, skipped));
    CHECK(count(call, cursor.rest()) == length - 1);
  }
}

TEST_CASE("seq, first, rest, next, cons: as in Clojure", "[lang][sequence]") {
  Call call;
  CHECK(seq(call, of("[]")).is_nil());
  CHECK(seq(call, Value()).is_nil());
  CHECK(first(call, of("[]")).is_nil());
  CHECK(print(realise(call, rest(call, of("[1 2]")))) == "(2)");
  CHECK(print(realise(call, rest(call, of("[]")))) == "()");
  CHECK(next(call, of("[1]")).is_nil());
  CHECK(print(realise(call, cons(call, Value::integer(0), of("[1]")))) == "(0 1)");
  CHECK(print(cons(call, Value::integer(0), Value())) == "(0)");
}

TEST_CASE("equal: looks into sequences", "[lang][sequence]") {
  Call call;
  int asked = 0;
  CHECK(equal(call, counter(2, &asked), of("[0 1]")));
  CHECK(equal(call, of("(0 1)"), counter(2, &asked)));
  CHECK(equal(call, counter(2, &asked), counter(2, &asked)));
  CHECK_FALSE(equal(call, counter(2, &asked), of("[0]")));
  CHECK_FALSE(equal(call, counter(2, &asked), of("#{0 1}")));
  CHECK(equal(call, Value::map({{Value::keyword("a"), counter(1, &asked)}}), of("{:a [0]}")));
  asked = 0;
  CHECK_FALSE(equal(call, counter(1'000'000, &asked), of("[5]")));
  CHECK(asked == 1);
}

TEST_CASE("sequence: a long chain is let go without recursion", "[lang][sequence]") {
  Limits limits;
  limits.bytes = 1ull << 32;
  Call call(limits);
  int asked = 0;
  Value numbers = counter(500'000, &asked);
  CHECK(count(call, numbers) == 500'000);
  numbers = Value();
  CHECK(asked == 500'001);
}
