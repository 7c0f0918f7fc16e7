#include "daemon/messaging/wire/decoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/messaging/wire/format.h"
#include "daemon/messaging/wire/value_codec.h"

namespace onyx::messaging::wire {

namespace {

constexpr std::size_t kKeptBytes = 1024 * 1024;  // of the buffer, once a larger frame is through

std::string text(Reader& r) { return std::string(r.text(kTextBytesMax)); }

ErrorCode code(Reader& r) {
  const std::uint8_t value = r.byte();
  if (value > static_cast<std::uint8_t>(ErrorCode::internal)) r.fail();
  return static_cast<ErrorCode>(value);
}

SlotId slot(Reader& r) {
  const std::int64_t value = r.integer();
  if (value < 0 || value > INT32_MAX) r.fail();
  return static_cast<SlotId>(value);
}

ChannelId channel(Reader& r) {
  const std::uint64_t value = r.number();
  if (value > UINT32_MAX) r.fail();
  return static_cast<ChannelId>(value);
}

std::uint8_t flags(Reader& r, std::uint8_t known) {
  const std::uint8_t value = r.byte();
  if ((value & ~known) != 0) r.fail();
  return value;
}

JobKey job(Reader& r) {
  JobKey key;
  key.job = JobId(text(r));
  key.version = r.integer();
  return key;
}

barrier::Barrier barrier_of(Reader& r) {
  barrier::Barrier barrier;
  barrier.version = r.integer();
  barrier.epoch = r.integer();
  const std::uint8_t set = flags(r, kBarrierCheckpoint | kBarrierSealing | kBarrierRecovers);
  barrier.checkpoint = (set & kBarrierCheckpoint) != 0;
  barrier.sealing = (set & kBarrierSealing) != 0;
  if ((set & kBarrierRecovers) != 0) {
    barrier.recover.emplace();
    barrier.recover->tenancy = text(r);
    barrier.recover->job = JobId(text(r));
    barrier.recover->version = r.integer();
    barrier.recover->epoch = r.integer();
  }
  const std::size_t watermarks = r.count(2);
  if (watermarks > kWatermarksMax) r.fail();
  for (std::size_t i = 0; i < watermarks && r.ok(); ++i) {
    std::string source = text(r);
    if (!barrier.watermarks.emplace(std::move(source), r.integer()).second) r.fail();
  }
  return barrier;
}

PeerStatus status_of(Reader& r) {
  PeerStatus status;
  status.task = TaskId(text(r));
  status.slot = slot(r);
  status.epoch = r.integer();
  const std::uint8_t set = flags(r, kStatusDrained | kStatusSealed | kStatusPublished);
  status.drained = (set & kStatusDrained) != 0;
  status.sealed = (set & kStatusSealed) != 0;
  status.published = (set & kStatusPublished) != 0;
  return status;
}

Frame frame_of(Type type, Reader& r) {
  switch (type) {
    case Type::hello: {
      Hello hello;
      hello.tenancy = text(r);
      hello.from = GroupId(text(r));
      hello.to = GroupId(text(r));
      hello.token = text(r);
      return hello;
    }
    case Type::welcome:
      return Welcome{GroupId(text(r))};
    case Type::goodbye: {
      const ErrorCode why = code(r);
      return Goodbye{why, text(r)};
    }
    case Type::heartbeat:
      return Heartbeat{};
    case Type::open: {
      Open open;
      open.channel = channel(r);
      open.name.job = job(r);
      open.name.from = TaskId(text(r));
      open.name.from_slot = slot(r);
      open.name.to = TaskId(text(r));
      open.name.to_slot = slot(r);
      return open;
    }
    case Type::accept: {
      Accept accept;
      accept.channel = channel(r);
      accept.messages = r.number();
      accept.bytes = r.number();
      return accept;
    }
    case Type::barrier: {
      InBand frame;
      frame.channel = channel(r);
      frame.barrier = barrier_of(r);
      return frame;
    }
    case Type::credit: {
      Credit credit;
      credit.channel = channel(r);
      credit.messages = r.number();
      credit.bytes = r.number();
      return credit;
    }
    case Type::close:
      return Close{channel(r)};
    case Type::reset: {
      Reset reset;
      reset.channel = channel(r);
      reset.code = code(r);
      reset.reason = text(r);
      return reset;
    }
    case Type::status: {
      JobKey key = job(r);
      return ToJob{std::move(key), status_of(r)};
    }
    case Type::inject: {
      JobKey key = job(r);
      return ToJob{std::move(key), Inject{barrier_of(r)}};
    }
    case Type::publish: {
      JobKey key = job(r);
      return ToJob{std::move(key), Publish{r.integer()}};
    }
    case Type::ask: {
      Ask ask;
      ask.number = r.number();
      ask.question = text(r);
      return ask;
    }
    case Type::answer: {
      Answer answer;
      answer.number = r.number();
      if (const std::uint8_t refused = r.byte(); refused > 0) {
        if (refused - 1 > static_cast<int>(ErrorCode::internal)) r.fail();
        answer.refused = static_cast<ErrorCode>(refused - 1);
      }
      answer.text = std::string(r.text(kAnswerBytesMax));
      return answer;
    }
    case Type::define:
    case Type::batch:
      break;
  }
  r.fail();
  return Heartbeat{};
}

tl::unexpected<Error> malformed(Type type) {
  return failure(ErrorCode::invalid_argument,
                 fmt::format("the body of a frame of type {} is malformed", static_cast<int>(type)),
                 "NET-16");
}

}  // namespace

Result<std::optional<Received>> Decoder::next() {
  if (broken_.has_value()) return tl::unexpected(*broken_);
  in_.take(std::exchange(taken_, 0));
  auto decoded = decode();
  if (!decoded.has_value()) broken_ = decoded.error();
  return decoded;
}

Result<std::optional<Received>> Decoder::decode() {
  if (!has_preamble_) {
    const std::size_t here = std::min(in_.size(), kPreamble.size());
    if (!std::equal(in_.data(), in_.data() + here, kPreamble.begin())) {
      if (here > 5 && std::equal(in_.data(), in_.data() + 5, kPreamble.begin())) {
        return failure(ErrorCode::failed_precondition,
                       fmt::format("the other side speaks version {} of the data plane's protocol, "
                                   "this daemon version {}",
                                   in_.data()[5], kProtocolVersion),
                       "NET-24");
      }
      return failure(ErrorCode::invalid_argument,
                     "the other side is not a data plane of Onyx: its first bytes are wrong",
                     "NET-24");
    }
    if (here < kPreamble.size()) return std::nullopt;
    in_.take(here);
    has_preamble_ = true;
  }
  for (;;) {
    if (!head_.has_value()) {
      if (in_.size() < kHeaderBytes) return std::nullopt;
      ONYX_ASSIGN_OR_RETURN(head_, read_head(in_.data(), number_));
    }
    const std::size_t whole = kHeaderBytes + head_->length;
    if (in_.size() < whole) return std::nullopt;
    const FrameHead head = *std::exchange(head_, std::nullopt);
    const std::span<const std::uint8_t> body(in_.data() + kHeaderBytes, head.length);
    if (!checks(head, body)) {
      return failure(ErrorCode::invalid_argument,
                     fmt::format("the body of frame {} is damaged", number_), "NET-25");
    }
    ++number_;
    if (head.type == Type::define) {
      Reader reader(body);
      ONYX_TRY(vocabulary_.learn(reader));
      in_.take(whole);
      in_.shrink(kKeptBytes);
      continue;
    }
    ONYX_ASSIGN_OR_RETURN(Received received, body_of(head.type, body));
    taken_ = whole;
    return std::optional<Received>(std::move(received));
  }
}

Result<Received> Decoder::body_of(Type type, std::span<const std::uint8_t> body) {
  Reader reader(body);
  if (type == Type::batch) {
    Rows rows;
    rows.channel = channel(reader);
    rows.epoch = reader.integer();
    rows.bytes = body.size();
    rows.encoded = reader.rest();
    if (!reader.ok()) return malformed(type);
    return rows;
  }
  Frame frame = frame_of(type, reader);
  if (!reader.ok() || !reader.at_end()) return malformed(type);
  return Received(std::move(frame));
}

Result<void> Decoder::read_rows(const Rows& rows, std::size_t rows_max, segment::Batch& batch) {
  if (broken_.has_value()) return tl::unexpected(*broken_);
  Reader reader(rows.encoded);
  const std::size_t size_before = batch.size();
  while (reader.ok() && !reader.at_end()) {
    const std::uint64_t number = reader.number();
    const Learnt::Shape* shape = number == 0 ? nullptr : vocabulary_.shape(number - 1);
    const std::uint64_t count = reader.fixed(4);
    const std::size_t width = shape == nullptr ? 1 : shape->keys.size();
    if ((number != 0 && shape == nullptr) || count == 0 || width == 0 ||
        count > reader.left() / width) {
      reader.fail();
      break;
    }
    if (batch.size() - size_before + count > rows_max) {
      broken_ =
          Error(ErrorCode::invalid_argument,
                fmt::format("a batch has more than the {} rows that its receiver takes", rows_max),
                "NET-17");
      return tl::unexpected(*broken_);
    }
    if (shape == nullptr || shape->shape == nullptr) {
      for (std::uint64_t row = 0; row < count && reader.ok(); ++row) {
        if (shape == nullptr) {
          batch.append(read_value(reader, vocabulary_));
          continue;
        }
        std::vector<std::pair<edn::Value, edn::Value>> entries;
        for (const edn::Value& key : shape->keys)
          entries.emplace_back(key, read_value(reader, vocabulary_, 1));
        batch.append(edn::Value::map(std::move(entries)));
      }
      continue;
    }
    const auto cells = batch.extend(shape->shape, static_cast<std::uint32_t>(count));
    for (edn::Value& cell : cells) cell = read_value(reader, vocabulary_, 1);
  }
  if (!reader.ok()) {
    auto wrong = malformed(Type::batch);
    broken_ = wrong.value();
    return wrong;
  }
  return {};
}

}  // namespace onyx::messaging::wire
