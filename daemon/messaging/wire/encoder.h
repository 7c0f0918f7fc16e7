// Frames to bytes: one direction of a connection.
//
// Shape:   counts the frames and announces names and shapes before the first frame that refers to them. What it writes goes to
//          the end of `out`.
// Thread:  the connection's.
// Errors:  a segment that cannot travel: it holds a function, or is larger or deeper than a frame allows. Nothing of it is
//          written then; the connection is as good as before.
#pragma once

#include <cstddef>

#include "common/base/result.h"
#include "common/segment/batch.h"
#include "daemon/messaging/wire/byte_buffer.h"
#include "daemon/messaging/wire/frame.h"
#include "daemon/messaging/wire/vocabulary.h"

namespace onyx::messaging::wire {

// Where in a batch a frame ended and the next one begins.
struct RowPlace {
  std::size_t run = 0;
  std::size_t row = 0;   // within the run
  std::size_t cell = 0;  // of all
};

class Encoder {
 public:
  void preamble(ByteBuffer& out);
  void write(const Frame& frame, ByteBuffer& out);
  // The rows from `from` on, as many as make a frame of about kRowsBytesTarget; `from` moves on behind them. The size of the
  // frame's body, by which windows are counted.
  Result<std::size_t> write_rows(ChannelId channel, Epoch epoch, const segment::Batch& batch,
                                 RowPlace& from, ByteBuffer& out);
  // Whether anything is left from there on.
  static bool has_rows(const segment::Batch& batch, const RowPlace& from) {
    return from.run < batch.runs().size();
  }

  std::uint64_t frames() const { return number_; }

 private:
  std::uint64_t number_ = 0;
  Announced vocabulary_;
  ByteBuffer news_;
};

}  // namespace onyx::messaging::wire
