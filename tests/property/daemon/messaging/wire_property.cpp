// The wire format: what is written is read back, however the bytes are cut; damaged bytes are never taken for others.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

#include "daemon/messaging/wire/decoder.h"
#include "daemon/messaging/wire/encoder.h"
#include "daemon/messaging/wire/format.h"
#include "tests/support/edn_generators.h"

namespace onyx::messaging::wire {
namespace {

using edn::Value;

std::string any_text() { return *edn::testing::text(); }
std::int64_t any_integer() { return *edn::testing::integer(); }
SlotId any_slot() { return *rc::gen::inRange<SlotId>(0, 1'000); }

JobKey any_job() { return {JobId(any_text()), any_integer()}; }

barrier::Barrier any_barrier() {
  barrier::Barrier barrier;
  barrier.version = any_integer();
  barrier.epoch = any_integer();
  barrier.checkpoint = *rc::gen::arbitrary<bool>();
  barrier.sealing = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>())
    barrier.recover = {any_text(), JobId(any_text()), any_integer(), any_integer()};
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) barrier.watermarks[any_text()] = any_integer();
  return barrier;
}

ErrorCode any_code() {
  return static_cast<ErrorCode>(*rc::gen::inRange(0, static_cast<int>(ErrorCode::internal) + 1));
}

Frame any_frame() {
  const auto channel = *rc::gen::arbitrary<ChannelId>();
  const auto number = [] { return *rc::gen::arbitrary<std::uint64_t>(); };
  switch (*rc::gen::inRange(0, 15)) {
    case 0:
      return Hello{any_text(), GroupId(any_text()), GroupId(any_text()), any_text()};
    case 1:
      return Welcome{GroupId(any_text())};
    case 2:
      return Goodbye{any_code(), any_text()};
    case 3:
      return Heartbeat{};
    case 4:
      return Open{channel,
                  {any_job(), TaskId(any_text()), any_slot(), TaskId(any_text()), any_slot()}};
    case 5:
      return Accept{channel, number(), number()};
    case 6:
      return InBand{channel, any_barrier()};
    case 7:
      return Credit{channel, number(), number()};
    case 8:
      return Close{channel};
    case 9:
      return Reset{channel, any_code(), any_text()};
    case 10:
      return ToJob{any_job(), PeerStatus{TaskId(any_text()), any_slot(), any_integer(),
                                         *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(),
                                         *rc::gen::arbitrary<bool>()}};
    case 11:
      return ToJob{any_job(), Inject{any_barrier()}};
    case 12:
      return Ask{number(), any_text()};
    case 13: {
      const bool is_refused = *rc::gen::arbitrary<bool>();
      return Answer{number(), is_refused ? std::optional(any_code()) : std::nullopt, any_text()};
    }
    default:
      return ToJob{any_job(), Publish{any_integer()}};
  }
}

// Mostly records of a few shapes, as segments are.
std::vector<Value> any_segments() {
  std::vector<Value> segments;
  for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        segments.push_back(Value::map({{Value::keyword("n"), Value::integer(any_integer())},
                                       {Value::keyword("by"), *edn::testing::scalar()}}));
        break;
      case 1:
        segments.push_back(Value::map({{Value::string("text"), Value::string(any_text())},
                                       {Value::keyword("id"), *edn::testing::value(2)},
                                       {Value::keyword("more"), *edn::testing::value(2)}}));
        break;
      case 2:
        segments.push_back(*edn::testing::value(3));
        break;
      default:
        segments.push_back(Value::map());
    }
  }
  return segments;
}

struct Said {
  std::optional<Frame> frame;  // or rows
  ChannelId channel = 0;
  Epoch epoch = -1;
  std::vector<Value> segments;
  bool operator==(const Said&) const = default;
};

Said any_said() {
  Said said;
  if (*rc::gen::arbitrary<bool>()) {
    said.frame = any_frame();
  } else {
    said.channel = *rc::gen::inRange<ChannelId>(0, 1'000);
    said.epoch = *rc::gen::inRange<Epoch>(-1, 1'000);
    said.segments = any_segments();
    if (said.segments.empty()) said.segments.push_back(Value::map());
  }
  return said;
}

std::vector<Said> any_conversation() {
  std::vector<Said> said;
  for (int i = *rc::gen::inRange(1, 8); i > 0; --i) said.push_back(any_said());
  return said;
}

std::vector<std::uint8_t> encode(const std::vector<Said>& conversation) {
  Encoder encoder;
  ByteBuffer out;
  encoder.preamble(out);
  for (const Said& said : conversation) {
    if (said.frame.has_value()) {
      encoder.write(*said.frame, out);
      continue;
    }
    segment::Batch batch;
    for (const Value& segment : said.segments) batch.append(segment);
    RowPlace from;
    RC_ASSERT(encoder.write_rows(said.channel, said.epoch, batch, from, out).has_value());
    RC_ASSERT(!Encoder::has_rows(batch, from));
  }
  return {out.data(), out.data() + out.size()};
}

struct Heard {
  std::vector<Said> said;
  std::optional<Error> error;
};

// Takes all that is complete.
void hear(Decoder& decoder, Heard& heard) {
  while (!heard.error.has_value()) {
    auto next = decoder.next();
    if (!next.has_value()) {
      heard.error = next.error();
      return;
    }
    if (!next->has_value()) return;
    if (auto* frame = std::get_if<Frame>(&**next)) {
      heard.said.push_back({*frame, 0, -1, {}});
      continue;
    }
    const Rows& rows = std::get<Rows>(**next);
    segment::Batch batch;
    if (auto read = decoder.read_rows(rows, 1'000, batch); !read.has_value()) {
      heard.error = read.error();
      return;
    }
    Said said{std::nullopt, rows.channel, rows.epoch, {}};
    batch.take_all(said.segments);
    heard.said.push_back(std::move(said));
  }
}

Heard decode(std::span<const std::uint8_t> bytes) {
  Decoder decoder;
  Heard heard;
  decoder.feed(bytes);
  hear(decoder, heard);
  return heard;
}

bool is_prefix(const std::vector<Said>& some, const std::vector<Said>& all) {
  return some.size() <= all.size() && std::equal(some.begin(), some.end(), all.begin());
}

TEST_CASE("wire: what is written is read back", "[messaging][wire][property]") {
  CHECK(rc::check([] {
    const auto conversation = any_conversation();
    const Heard heard = decode(encode(conversation));
    RC_ASSERT(!heard.error.has_value());
    RC_ASSERT(heard.said == conversation);
  }));
}

TEST_CASE("wire: it does not matter where the bytes are cut", "[messaging][wire][property]") {
  CHECK(rc::check([] {
    const auto conversation = any_conversation();
    const auto bytes = encode(conversation);
    Decoder decoder;
    Heard heard;
    std::size_t at = 0;
    while (at < bytes.size()) {
      const std::size_t count = std::min(bytes.size() - at, *rc::gen::inRange<std::size_t>(1, 40));
      decoder.feed({bytes.data() + at, count});
      hear(decoder, heard);
      at += count;
    }
    RC_ASSERT(!heard.error.has_value());
    RC_ASSERT(heard.said == conversation);
    RC_ASSERT(!decoder.is_inside_frame());
  }));
}

TEST_CASE("wire: cut off at any byte, what came before is heard and nothing else",
          "[messaging][wire][property]") {
  CHECK(rc::check([] {
    const std::vector<Said> conversation{any_said(), any_said()};
    const auto bytes = encode(conversation);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const Heard heard = decode({bytes.data(), size});
      RC_ASSERT(!heard.error.has_value());
      RC_ASSERT(heard.said.size() < conversation.size());
      RC_ASSERT(is_prefix(heard.said, conversation));
    }
  }));
}

TEST_CASE("wire: a flipped bit is noticed", "[messaging][wire][property]") {
  CHECK(rc::check([] {
    const std::vector<Said> conversation{any_said(), any_said()};
    const auto bytes = encode(conversation);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      auto damaged = bytes;
      damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1U << bit % 8));
      const Heard heard = decode(damaged);
      RC_ASSERT(heard.error.has_value());
      RC_ASSERT(is_prefix(heard.said, conversation));
    }
  }));
}

TEST_CASE("wire: a frame that is missing, doubled or out of its order is noticed",
          "[messaging][wire][property]") {
  CHECK(rc::check([] {
    const std::vector<Frame> frames{any_frame(), any_frame(), any_frame()};
    std::vector<std::vector<std::uint8_t>> pieces;
    Encoder encoder;
    for (const Frame& frame : frames) {
      ByteBuffer out;
      encoder.write(frame, out);
      pieces.emplace_back(out.data(), out.data() + out.size());
    }
    const std::vector<std::vector<std::size_t>> wrong{{0, 2},    {1},       {0, 0},
                                                      {0, 1, 1}, {0, 2, 1}, {1, 0, 2}};
    const auto order = *rc::gen::elementOf(wrong);
    ByteBuffer all;
    Encoder().preamble(all);
    for (const std::size_t i : order) all.append(pieces[i]);
    const Heard heard = decode(all.bytes());
    RC_ASSERT(heard.error.has_value());
    RC_ASSERT(heard.error->rule() == "NET-26");
  }));
}

// A frame whose checks are right and whose body is anything.
std::vector<std::uint8_t> with_right_checks(Type type, std::vector<std::uint8_t> body) {
  std::vector<std::uint8_t> bytes(kPreamble.begin(), kPreamble.end());
  bytes.resize(kPreamble.size() + kHeaderBytes);
  bytes.insert(bytes.end(), body.begin(), body.end());
  write_head(bytes.data() + kPreamble.size(), type, 0, body.size());
  return bytes;
}

TEST_CASE("wire: any body gives a frame or an error", "[messaging][wire][property]") {
  CHECK(rc::check([] {
    const auto type = static_cast<Type>(*rc::gen::inRange<int>(1, kTypeMax + 1));
    const auto body = *rc::gen::arbitrary<std::vector<std::uint8_t>>();
    const Heard heard = decode(with_right_checks(type, body));
    RC_ASSERT(heard.said.size() + (heard.error.has_value() ? 1 : 0) <= 1);
  }));
}

TEST_CASE("wire: a changed body with right checks gives a frame or an error",
          "[messaging][wire][property]") {
  CHECK(rc::check([] {
    segment::Batch batch;
    for (const Value& segment : any_segments()) batch.append(segment);
    Encoder encoder;
    ByteBuffer out;
    RowPlace from;
    RC_ASSERT(encoder.write_rows(1, 0, batch, from, out).has_value());
    // Every frame of it, changed and put together again.
    std::vector<std::uint8_t> bytes(kPreamble.begin(), kPreamble.end());
    std::uint64_t number = 0;
    while (!out.empty()) {
      const auto head = read_head(out.data(), number);
      RC_ASSERT(head.has_value());
      std::vector<std::uint8_t> frame(out.data(), out.data() + kHeaderBytes + head->length);
      out.take(frame.size());
      if (head->length > 0) {
        for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
          frame[kHeaderBytes + *rc::gen::inRange<std::size_t>(0, head->length)] =
              *rc::gen::arbitrary<std::uint8_t>();
        }
      }
      write_head(frame.data(), head->type, number++, head->length);
      bytes.insert(bytes.end(), frame.begin(), frame.end());
    }
    const Heard heard = decode(bytes);
    for (const Said& said : heard.said) {
      for (const Value& segment : said.segments) RC_ASSERT(edn::stable_hash(segment) != 1);
    }
  }));
}

}  // namespace
}  // namespace onyx::messaging::wire
