#include "daemon/runtime/fiber.h"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <vector>

using onyx::runtime::Fiber;

TEST_CASE("fiber: a body that does not pause ends at once, and the fiber can be used again",
          "[runtime][fiber]") {
  Fiber fiber;
  int runs = 0;
  CHECK(fiber.run([&] { ++runs; }));
  CHECK(fiber.run([&] { ++runs; }));
  CHECK(runs == 2);
}

TEST_CASE("fiber: a body pauses deep in its calls and goes on there", "[runtime][fiber]") {
  Fiber fiber;
  std::vector<std::string> events;
  auto deep = [&](auto& self, int depth) -> int {
    if (depth == 0) {
      events.push_back("before");
      fiber.pause();
      events.push_back("after");
      return 1;
    }
    return self(self, depth - 1) + 1;
  };
  int result = 0;
  CHECK_FALSE(fiber.run([&] { result = deep(deep, 50); }));
  CHECK(fiber.is_paused());
  events.push_back("outside");
  CHECK(fiber.resume());
  CHECK(result == 51);
  CHECK(events == std::vector<std::string>{"before", "outside", "after"});
}

TEST_CASE("fiber: exceptions in flight belong to the side that handles them", "[runtime][fiber]") {
  Fiber fiber;
  std::string inner;
  std::string outer;
  CHECK_FALSE(fiber.run([&] {
    try {
      throw std::runtime_error("inside");
    } catch (const std::exception&) {
      fiber.pause();  // in the middle of a handler
      try {
        throw;
      } catch (const std::exception& e) {
        inner = e.what();
      }
    }
  }));
  try {
    throw std::runtime_error("outside");
  } catch (const std::exception& e) {
    CHECK(fiber.resume());
    outer = e.what();
  }
  CHECK(inner == "inside");
  CHECK(outer == "outside");
}

TEST_CASE("fiber: many fibers are paused at the same time", "[runtime][fiber]") {
  std::vector<std::unique_ptr<Fiber>> fibers;
  std::vector<int> results(20);
  for (int i = 0; i < 20; ++i) {
    fibers.push_back(std::make_unique<Fiber>());
    CHECK_FALSE(fibers.back()->run([&, i, fiber = fibers.back().get()] {
      std::string kept(100, static_cast<char>('a' + i));
      fiber->pause();
      results[static_cast<std::size_t>(i)] = kept[50];
    }));
  }
  for (auto& fiber : fibers) CHECK(fiber->resume());
  for (int i = 0; i < 20; ++i) CHECK(results[static_cast<std::size_t>(i)] == 'a' + i);
}
