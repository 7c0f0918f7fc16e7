// Any bytes from another daemon, cut anywhere: the decoder gives frames or an error, and what it gives is written and read again as
// the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/check.h"
#include "daemon/messaging/wire/decoder.h"
#include "daemon/messaging/wire/encoder.h"
#include "daemon/messaging/wire/format.h"

namespace {

using namespace onyx::messaging::wire;

// The first byte says how the rest is taken: as a connection's bytes, or as the body of one frame whose checks are right, of the
// type that the second byte names.
std::vector<std::uint8_t> connection_bytes(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || data[0] % 2 == 0) return {data + std::min<std::size_t>(size, 1), data + size};
  std::vector<std::uint8_t> bytes(kPreamble.begin(), kPreamble.end());
  bytes.resize(kPreamble.size() + kHeaderBytes);
  bytes.insert(bytes.end(), data + 2, data + size);
  const auto type = static_cast<Type>(1 + data[1] % kTypeMax);
  write_head(bytes.data() + kPreamble.size(), type, 0, size - 2);
  return bytes;
}

void check_round_trip(const Frame& frame) {
  Encoder encoder;
  ByteBuffer out;
  encoder.preamble(out);
  encoder.write(frame, out);
  Decoder decoder;
  decoder.feed(out.bytes());
  const auto next = decoder.next();
  ONYX_CHECK(next.has_value() && next->has_value(), "what was read is written as no frame");
  const auto* again = std::get_if<Frame>(&**next);
  ONYX_CHECK(again != nullptr && *again == frame, "what was read is written as another frame");
}

void check_round_trip(const onyx::segment::Batch& batch) {
  Encoder encoder;
  ByteBuffer out;
  encoder.preamble(out);
  RowPlace from;
  while (Encoder::has_rows(batch, from)) {
    const auto written = encoder.write_rows(1, 0, batch, from, out);
    ONYX_CHECK(written.has_value(), "what was read cannot be written: {}", written.error().text());
  }
  Decoder decoder;
  decoder.feed(out.bytes());
  onyx::segment::Batch again;
  for (;;) {
    const auto next = decoder.next();
    ONYX_CHECK(next.has_value(), "what was written cannot be read");
    if (!next->has_value()) break;
    ONYX_CHECK(decoder.read_rows(std::get<Rows>(**next), SIZE_MAX, again).has_value());
  }
  ONYX_CHECK(again.cells() == batch.cells(), "rows are written as others");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = connection_bytes(data, size);
  Decoder decoder;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t piece = std::min<std::size_t>(bytes.size() - at, 1 + at % 61);
    decoder.feed({bytes.data() + at, piece});
    at += piece;
    for (;;) {
      const auto next = decoder.next();
      if (!next.has_value()) {
        ONYX_CHECK(!decoder.next().has_value(), "a broken decoder goes on");
        return 0;
      }
      if (!next->has_value()) break;
      if (const auto* frame = std::get_if<Frame>(&**next)) {
        check_round_trip(*frame);
        continue;
      }
      onyx::segment::Batch batch;
      if (!decoder.read_rows(std::get<Rows>(**next), 10'000, batch).has_value()) return 0;
      check_round_trip(batch);
    }
  }
  return 0;
}
