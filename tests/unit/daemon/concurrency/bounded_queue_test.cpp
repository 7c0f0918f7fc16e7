#include "daemon/concurrency/bounded_queue.h"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "daemon/concurrency/named_thread.h"

namespace onyx::concurrency {

TEST_CASE("bounded queue: items come out as they went in", "[concurrency]") {
  BoundedQueue<int> queue(3);
  CHECK(queue.push(1));
  CHECK(queue.push(2));
  CHECK(queue.pop() == 1);
  CHECK(queue.pop() == 2);
  CHECK(queue.try_pop() == std::nullopt);
}

TEST_CASE("bounded queue: a full one refuses and leaves the item alone", "[concurrency]") {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  CHECK(queue.try_push(std::make_unique<int>(1)));
  auto second = std::make_unique<int>(2);
  CHECK(!queue.try_push(second));
  REQUIRE(second != nullptr);
  CHECK(**queue.pop() == 1);
  CHECK(queue.try_push(second));
}

TEST_CASE("bounded queue: a producer waits for room", "[concurrency]") {
  BoundedQueue<int> queue(1);
  std::vector<int> taken;
  NamedThread producer("producer", [&] {
    for (int i = 0; i < 1'000; ++i) queue.push(i);
    queue.close();
  });
  while (const std::optional<int> item = queue.pop()) taken.push_back(*item);
  REQUIRE(taken.size() == 1'000);
  CHECK(taken.front() == 0);
  CHECK(taken.back() == 999);
}

TEST_CASE("bounded queue: many producers and consumers lose and double nothing", "[concurrency]") {
  BoundedQueue<int> queue(4);
  std::vector<std::vector<int>> taken(3);
  {
    std::vector<NamedThread> consumers;
    for (auto& into : taken) {
      consumers.emplace_back("consumer", [&queue, &into] {
        while (const std::optional<int> item = queue.pop()) into.push_back(*item);
      });
    }
    {
      std::vector<NamedThread> producers;
      for (int p = 0; p < 3; ++p) {
        producers.emplace_back("producer", [&queue, p] {
          for (int i = 0; i < 500; ++i) queue.push(p * 500 + i);
        });
      }
    }
    queue.close();
  }
  std::vector<bool> seen(1'500, false);
  for (const auto& items : taken) {
    for (const int item : items) {
      CHECK(!seen[static_cast<std::size_t>(item)]);
      seen[static_cast<std::size_t>(item)] = true;
    }
  }
  CHECK(std::vector<bool>(1'500, true) == seen);
}

TEST_CASE("bounded queue: closing lets what is inside out, and nothing in", "[concurrency]") {
  BoundedQueue<int> queue(2);
  queue.push(1);
  queue.close();
  CHECK(!queue.push(2));
  CHECK(!queue.try_push(3));
  CHECK(queue.pop() == 1);
  CHECK(queue.pop() == std::nullopt);
}

TEST_CASE("bounded queue: closing wakes a producer that waits", "[concurrency]") {
  BoundedQueue<int> queue(1);
  queue.push(1);
  bool went_in = true;
  NamedThread producer("producer", [&] { went_in = queue.push(2); });
  queue.close();
  producer.join();
  CHECK(!went_in);
}

TEST_CASE("bounded queue: waiting for an item ends at its deadline", "[concurrency]") {
  BoundedQueue<int> queue(1);
  CHECK(queue.pop_until(std::chrono::steady_clock::now()) == std::nullopt);
}

}  // namespace onyx::concurrency
