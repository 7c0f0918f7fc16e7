#include <catch2/catch.hpp>

#include "daemon/messaging/in_process/direct_edge.h"
#include "daemon/messaging/in_process/ring_publisher.h"
#include "daemon/messaging/in_process/ring_subscriber.h"

using namespace onyx::messaging;
using onyx::Epoch;
using onyx::barrier::Barrier;
using onyx::edn::Value;

namespace {

Value segment(std::int64_t n) { return Value::map({{Value::keyword("n"), Value::integer(n)}}); }

std::vector<std::int64_t> numbers(const std::vector<Value>& segments) {
  std::vector<std::int64_t> out;
  for (const Value& value : segments) out.push_back(value.get("n").as_integer());
  return out;
}

std::shared_ptr<Channel> channel_of(std::size_t batch_size) {
  return std::make_shared<Channel>(
      batch_size, [] {}, [] {});
}

Barrier barrier_of(Epoch epoch, bool sealing = false) {
  Barrier barrier;
  barrier.version = 7;
  barrier.epoch = epoch;
  barrier.sealing = sealing;
  return barrier;
}

struct Poll {
  Heard heard;
  std::vector<std::int64_t> numbers;
  Epoch epoch;
  bool operator==(const Poll&) const = default;
};

Poll poll(Subscriber& subscriber, std::size_t limit = 100) {
  std::vector<Value> out;
  Barrier barrier;
  barrier.epoch = -1;
  const Heard heard = subscriber.poll(limit, out, barrier);
  return {heard, numbers(out), barrier.epoch};
}

}  // namespace

TEST_CASE("ring publisher: messages are cut at the receiver's batch size",
          "[messaging][publisher]") {
  auto channel = channel_of(2);
  RingPublisher publisher({channel});
  for (std::int64_t n = 1; n <= 5; ++n) publisher.put(segment(n));
  REQUIRE(publisher.flush());
  RingSubscriber subscriber(7, {channel});
  CHECK(poll(subscriber, 2) == Poll{Heard::segments, {1, 2}, -1});
  CHECK(poll(subscriber, 2) == Poll{Heard::segments, {3, 4}, -1});
  CHECK(poll(subscriber, 2) == Poll{Heard::segments, {5}, -1});
  CHECK(poll(subscriber) == Poll{Heard::nothing, {}, -1});
}

TEST_CASE("ring publisher: segments for nobody in particular go where the backlog is shortest",
          "[messaging][publisher]") {
  auto busy = channel_of(1);
  auto idle = channel_of(1);
  RingPublisher publisher({busy, idle});
  for (std::int64_t n = 1; n <= 4; ++n) publisher.put(segment(n));
  RingSubscriber first(7, {busy});
  RingSubscriber second(7, {idle});
  CHECK(poll(first).numbers.size() == 2);
  CHECK(poll(second).numbers.size() == 2);
}

TEST_CASE("ring publisher: a grouped segment goes to its slot", "[messaging][publisher]") {
  auto a = channel_of(10);
  auto b = channel_of(10);
  RingPublisher publisher({a, b});
  publisher.put(segment(1), 1);
  publisher.put(segment(2), 0);
  publisher.put(segment(3), 1);
  REQUIRE(publisher.flush());
  RingSubscriber to_a(7, {a});
  RingSubscriber to_b(7, {b});
  CHECK(poll(to_a).numbers == std::vector<std::int64_t>{2});
  CHECK(poll(to_b).numbers == std::vector<std::int64_t>{1, 3});
}

TEST_CASE("ring publisher: a barrier follows what was put before it, once",
          "[messaging][publisher]") {
  auto channel = channel_of(10);
  RingPublisher publisher({channel});
  publisher.put(segment(1));
  REQUIRE(publisher.offer(barrier_of(0)));
  REQUIRE(publisher.offer(barrier_of(0)));
  publisher.put(segment(2));
  REQUIRE(publisher.flush());
  RingSubscriber subscriber(7, {channel});
  CHECK(poll(subscriber) == Poll{Heard::segments, {1}, -1});
  CHECK(poll(subscriber) == Poll{Heard::barrier, {}, 0});
  CHECK(poll(subscriber) == Poll{Heard::segments, {2}, -1});
  CHECK(poll(subscriber) == Poll{Heard::nothing, {}, -1});
}

TEST_CASE("ring subscriber: what follows a barrier waits until every upstream has brought it",
          "[messaging][alignment]") {
  auto left = channel_of(10);
  auto right = channel_of(10);
  RingPublisher from_left({left});
  RingPublisher from_right({right});
  RingSubscriber subscriber(7, {left, right});

  from_left.put(segment(1));
  REQUIRE(from_left.offer(barrier_of(0, true)));
  from_left.put(segment(2));
  REQUIRE(from_left.flush());
  CHECK(poll(subscriber) == Poll{Heard::segments, {1}, -1});
  CHECK(poll(subscriber) == Poll{Heard::nothing, {}, -1});

  from_right.put(segment(10));
  REQUIRE(from_right.offer(barrier_of(0)));
  CHECK(poll(subscriber) == Poll{Heard::segments, {10}, -1});
  std::vector<Value> out;
  Barrier barrier;
  REQUIRE(subscriber.poll(100, out, barrier) == Heard::barrier);
  CHECK(barrier.epoch == 0);
  CHECK_FALSE(barrier.sealing);
  CHECK(poll(subscriber) == Poll{Heard::segments, {2}, -1});
}

TEST_CASE("ring subscriber: a barrier of an older version is dropped, one of a newer version waits",
          "[messaging][alignment]") {
  auto channel = channel_of(10);
  RingPublisher publisher({channel});
  RingSubscriber subscriber(7, {channel});
  Barrier old = barrier_of(0);
  old.version = 6;
  REQUIRE(publisher.offer(old));
  publisher.put(segment(1));
  REQUIRE(publisher.flush());
  CHECK(poll(subscriber) == Poll{Heard::segments, {1}, -1});
  Barrier newer = barrier_of(1);
  newer.version = 8;
  REQUIRE(publisher.offer(newer));
  publisher.put(segment(2));
  REQUIRE(publisher.flush());
  CHECK(poll(subscriber) == Poll{Heard::nothing, {}, -1});
  CHECK(poll(subscriber) == Poll{Heard::nothing, {}, -1});
}

TEST_CASE("ring subscriber: a barrier that is not the next one is shown to the peer",
          "[messaging][alignment]") {
  auto channel = channel_of(10);
  RingPublisher publisher({channel});
  RingSubscriber subscriber(7, {channel});
  publisher.put(segment(1));
  REQUIRE(publisher.offer(barrier_of(3)));
  CHECK(poll(subscriber) == Poll{Heard::segments, {1}, -1});
  CHECK(poll(subscriber) == Poll{Heard::misaligned, {}, 3});
}

TEST_CASE("direct edge: segments, then the barrier, which holds the sender until it is taken",
          "[messaging][direct]") {
  auto queue = std::make_shared<DirectQueue>();
  queue->receiver_batch_size = 2;
  DirectPublisher publisher(queue);
  DirectSubscriber subscriber(queue);

  publisher.put(segment(1));
  publisher.put(segment(2));
  CHECK(publisher.flush());
  publisher.put(segment(3));
  CHECK_FALSE(publisher.flush());
  CHECK_FALSE(publisher.offer(barrier_of(4)));

  CHECK(poll(subscriber, 2) == Poll{Heard::segments, {1, 2}, -1});
  CHECK(poll(subscriber, 2) == Poll{Heard::segments, {3}, -1});
  CHECK_FALSE(publisher.offer(barrier_of(4)));
  CHECK(poll(subscriber, 2) == Poll{Heard::barrier, {}, 4});
  CHECK(publisher.offer(barrier_of(4)));
  CHECK(poll(subscriber, 2) == Poll{Heard::nothing, {}, -1});
}
