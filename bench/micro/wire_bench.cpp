// The data plane's codec on five-key segments (two integers, a keyword, strings of 7 and 30 bytes): ns a segment, bytes a segment.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "common/segment/batch.h"
#include "daemon/messaging/wire/decoder.h"
#include "daemon/messaging/wire/encoder.h"

namespace onyx::messaging::wire {
namespace {

using edn::Value;

Value segment_of(std::int64_t n) {
  return Value::map(
      {{Value::keyword("id"), Value::integer(n)},
       {Value::keyword("time"), Value::integer(1'500'000'000'000 + n)},
       {Value::keyword("type"), Value::keyword(n % 3 == 0 ? "view" : "click")},
       {Value::keyword("user"), Value::string("user" + std::to_string(100 + n % 900))},
       {Value::keyword("text"), Value::string("thirty bytes of text, no more.")}});
}

double ns_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
}

void measure(std::size_t rows) {
  segment::Batch batch;
  for (std::size_t n = 0; n < rows; ++n) batch.append(segment_of(static_cast<std::int64_t>(n)));
  const std::size_t batches = 200'000 / rows;
  const auto segments = static_cast<double>(batches * rows);
  double encode = 1e9, decode = 1e9, bytes = 0;
  for (int run = 0; run < 7; ++run) {
    Encoder encoder;
    Decoder decoder;
    ByteBuffer out;
    segment::Batch into;
    encoder.preamble(out);
    double encode_ns = 0, decode_ns = 0;
    bytes = 0;
    for (std::size_t i = 0; i < batches; ++i) {
      auto start = std::chrono::steady_clock::now();
      RowPlace from;
      while (Encoder::has_rows(batch, from)) {
        if (!encoder.write_rows(1, 0, batch, from, out).has_value()) return;
      }
      encode_ns += ns_since(start);
      decoder.feed(out.bytes());
      bytes += static_cast<double>(out.size());
      out.clear();
      start = std::chrono::steady_clock::now();
      for (;;) {
        const auto next = decoder.next();
        if (!next.has_value() || !next->has_value()) break;
        into.clear();
        if (!decoder.read_rows(std::get<Rows>(**next), rows, into).has_value()) return;
      }
      decode_ns += ns_since(start);
    }
    encode = std::min(encode, encode_ns / segments);
    decode = std::min(decode, decode_ns / segments);
  }
  bytes /= segments;
  std::printf("batch %4zu: encode %5.1f ns, decode %5.1f ns, %4.1f bytes a segment\n", rows, encode,
              decode, bytes);
}

}  // namespace
}  // namespace onyx::messaging::wire

int main() {
  for (const std::size_t rows : {20, 100, 1'000}) onyx::messaging::wire::measure(rows);
}
