#include "common/edn/shape.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "common/edn/iteration.h"
#include "common/edn/reader.h"

using namespace onyx::edn;

TEST_CASE("shape: the same keys in the same order are one shape", "[edn]") {
  const Value a = Value::keyword("a"), b = Value::string("b");
  const Shape* ab = Shape::empty()->with(a)->with(b);
  const std::vector<Value> keys = {a, b};
  CHECK(Shape::of(keys) == ab);
  CHECK(Shape::empty()->with(b)->with(a) != ab);
  CHECK(ab->find(a) == 0);
  CHECK(ab->find(b) == 1);
  CHECK(ab->find(Value::keyword("b")) == -1);
  CHECK(ab->without(0) == Shape::empty()->with(b));
  CHECK(ab->without(1) == Shape::empty()->with(a));
}

TEST_CASE("shape: other keys and a 65th are refused", "[edn]") {
  CHECK(Shape::empty()->with(Value::integer(1)) == nullptr);
  CHECK(Shape::empty()->with(Value::symbol("a")) == nullptr);
  const Shape* shape = Shape::empty();
  for (int i = 0; i < 64; ++i)
    shape = shape->with(Value::keyword("shape-key-" + std::to_string(i)));
  REQUIRE(shape != nullptr);
  for (int i = 0; i < 64; ++i)
    CHECK(shape->find(Value::keyword("shape-key-" + std::to_string(i))) == i);
  CHECK(shape->find(Value::integer(3)) == -1);
  CHECK(shape->with(Value::keyword("one-more")) == nullptr);
}

TEST_CASE("shape: threads that build the same shapes at once get the same pointers", "[edn]") {
  constexpr int kThreads = 4, kKeys = 200;
  std::vector<std::vector<const Shape*>> seen(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&seen, t] {
      for (int i = 0; i < kKeys; ++i) {
        const Value key = Value::keyword("threads-" + std::to_string(i));
        seen[static_cast<std::size_t>(t)].push_back(
            Shape::empty()->with(key)->with(Value::keyword("second")));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int t = 1; t < kThreads; ++t) CHECK(seen[static_cast<std::size_t>(t)] == seen[0]);
}

TEST_CASE("value: shared between threads that copy, update and drop it", "[edn]") {
  const Value shared = *read("{:a [1 2 3] :b {:c \"a string of some length\"}}");
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) {
        Value own = shared;
        own = std::move(own).assoc(Value::keyword("a"), Value::integer(t));
        if (own.get("a").as_integer() != t || shared.get("a").count() != 3) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

// Making a place of its own in a shared value copies nodes that other threads hold and let go of at that moment.
TEST_CASE("value: threads that each change their own copy of a large value", "[edn]") {
  Value map = Value::map();
  Value vector = Value::vector({});
  for (int i = 0; i < 100; ++i) {
    map = std::move(map).assoc(Value::integer(i), Value::integer(i));
    vector = std::move(vector).conj(Value::integer(i));
  }
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        const int place = i % 100;
        const Value key = Value::integer(place);
        const Value own_map = map.assoc(key, Value::integer(-1 - t));
        if (own_map.find(key)->as_integer() != -1 - t) ++wrong;
        if (map.find(key)->as_integer() != place) ++wrong;
        const auto index = static_cast<std::size_t>(place);
        const Value own_vector = vector.with_at(index, Value::integer(-1 - t));
        if (own_vector.at(index).as_integer() != -1 - t) ++wrong;
        if (vector.at(index).as_integer() != place) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}
