#include "daemon/messaging/in_process/channel.h"

#include <catch2/catch.hpp>
#include <thread>

using onyx::edn::Value;
using onyx::messaging::Channel;
using onyx::messaging::Message;

namespace {

std::unique_ptr<Message> message_of(Channel& channel, std::int64_t n) {
  auto message = channel.acquire();
  message->batch.append(Value::map({{Value::keyword("n"), Value::integer(n)}}));
  return message;
}

std::int64_t number_in(Message& message) {
  std::vector<Value> segments;
  message.batch.take_all(segments);
  return segments.at(0).get("n").as_integer();
}

}  // namespace

TEST_CASE("channel: messages arrive in order and their memory comes back", "[messaging][channel]") {
  int wakes = 0;
  Channel channel(
      10, [] {}, [&] { ++wakes; });
  auto first = message_of(channel, 1);
  const Message* address = first.get();
  REQUIRE(channel.push(first));
  auto second = message_of(channel, 2);
  REQUIRE(channel.push(second));
  CHECK(wakes == 2);
  CHECK(number_in(*channel.front()) == 1);
  channel.pop();
  CHECK(number_in(*channel.front()) == 2);
  channel.pop();
  CHECK(channel.front() == nullptr);
  CHECK(channel.acquire().get() == address);
}

TEST_CASE("channel: a full ring refuses, and the producer is woken when half of it is free",
          "[messaging][channel]") {
  int producer_wakes = 0;
  Channel channel(
      100'000, [&] { ++producer_wakes; }, [] {});
  std::size_t pushed = 0;
  auto message = message_of(channel, 0);
  while (channel.push(message)) message = message_of(channel, static_cast<std::int64_t>(++pushed));
  REQUIRE(message != nullptr);
  REQUIRE(pushed > 2);
  std::size_t popped = 0;
  while (producer_wakes == 0) {
    channel.pop();
    ++popped;
  }
  CHECK(popped >= pushed / 2);
  CHECK(popped < pushed);
  CHECK(channel.push(message));
}

TEST_CASE("channel: the producer can ask to be woken at a backlog", "[messaging][channel]") {
  int producer_wakes = 0;
  Channel channel(
      10, [&] { ++producer_wakes; }, [] {});
  for (std::int64_t n = 0; n < 4; ++n) {
    auto message = message_of(channel, n);
    REQUIRE(channel.push(message));
  }
  CHECK_FALSE(channel.wake_at(4));
  REQUIRE(channel.wake_at(2));
  channel.pop();
  CHECK(producer_wakes == 0);
  channel.pop();
  CHECK(producer_wakes == 1);
  channel.pop();
  CHECK(producer_wakes == 1);
}

TEST_CASE("channel: two threads, every message once and in order", "[messaging][channel]") {
  constexpr std::int64_t kCount = 100'000;
  Channel channel(
      1, [] {}, [] {});
  std::thread producer([&] {
    for (std::int64_t n = 0; n < kCount; ++n) {
      auto message = message_of(channel, n);
      while (!channel.push(message)) std::this_thread::yield();
    }
  });
  std::int64_t next = 0;
  bool in_order = true;
  while (next < kCount) {
    Message* message = channel.front();
    if (message == nullptr) {
      std::this_thread::yield();
      continue;
    }
    in_order = in_order && number_in(*message) == next;
    ++next;
    channel.pop();
  }
  producer.join();
  CHECK(in_order);
}
