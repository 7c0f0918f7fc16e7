// Bytes to frames: one direction of a connection.
//
//      preamble ──▶ head ──▶ body ──▶ head ──▶ …        anything that cannot be: broken, for good
//
// Shape:   bytes go in as they come, in pieces of any size; next() gives a frame as soon as it is complete. Definitions are
//          taken in silence. Rows stay bytes until read_rows() reads them into a batch, or nobody does.
// Thread:  the connection's.
// Errors:  once next() or read_rows() has failed, so does every later call: the connection is to be closed. Memory: what one
//          frame takes, and only after its head has been found right.
#pragma once

#include <optional>
#include <span>
#include <variant>

#include "common/base/result.h"
#include "common/segment/batch.h"
#include "daemon/messaging/wire/byte_buffer.h"
#include "daemon/messaging/wire/frame.h"
#include "daemon/messaging/wire/frame_head.h"
#include "daemon/messaging/wire/vocabulary.h"

namespace onyx::messaging::wire {

// A batch frame whose rows have not been read; valid until the next call of next().
struct Rows {
  ChannelId channel = 0;
  Epoch epoch = -1;
  std::size_t bytes = 0;  // of the body, by which windows are counted
  std::span<const std::uint8_t> encoded;
};

using Received = std::variant<Frame, Rows>;

class Decoder {
 public:
  // Where the next `count` bytes may be put, then how many were.
  std::uint8_t* space(std::size_t count) { return in_.reserve(count); }
  void filled(std::size_t count) { in_.add(count); }
  void feed(std::span<const std::uint8_t> bytes) { in_.append(bytes); }

  // nullopt: more bytes are needed.
  Result<std::optional<Received>> next();
  // Appends them to `batch`, which is to be dropped after an error.
  Result<void> read_rows(const Rows& rows, std::size_t rows_max, segment::Batch& batch);

  // A frame has begun and is not complete.
  bool is_inside_frame() const { return in_.size() > taken_; }
  std::uint64_t frames() const { return number_; }

 private:
  Result<std::optional<Received>> decode();
  Result<Received> body_of(Type type, std::span<const std::uint8_t> body);

  ByteBuffer in_;
  std::size_t taken_ = 0;  // bytes of the frame that next() gave last
  bool has_preamble_ = false;
  std::optional<FrameHead> head_;
  std::uint64_t number_ = 0;
  Learnt vocabulary_;
  std::optional<Error> broken_;
};

}  // namespace onyx::messaging::wire
