// One connection between two groups, as a machine: bytes in, frames out, and the other way round.
//
//      dialled:   greeting ──welcome──▶ open ──────┐
//      accepted:  greeting ──hello────▶ open ──────┴──▶ broken    a wrong byte, silence, a goodbye
//
// Shape:   greetings, heartbeats and goodbyes are its own business; everything else is given to the caller. After an error the
//          output ends with a goodbye that says why, and the connection is to be closed once that is written.
// Units:   the time is an argument. Any byte counts as a sign of life; a frame may take LinkTimes::frame to arrive.
// Thread:  its owner's.
// Errors:  of next() and tick(): the connection is broken. "NET-nn" says which way.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "daemon/messaging/transport.h"
#include "daemon/messaging/wire/decoder.h"
#include "daemon/messaging/wire/encoder.h"

namespace onyx::messaging {

struct LinkTimes {
  std::chrono::milliseconds heartbeat{250};
  std::chrono::milliseconds silence{3'000};  // after which the other side counts as gone
  std::chrono::milliseconds frame{5'000};    // that a frame may take to arrive
};

// Of a daemon whose session has this timeout. A process that stands still for less than half of it is nobody's business, here
// either: silence is judged a second past that, and never before three seconds.
LinkTimes link_times(std::chrono::milliseconds session_timeout);

class Link {
 public:
  static Link dialled(const Identity& self, const GroupId& to, const LinkTimes& times, Instant now);
  static Link accepted(const Identity& self, const LinkTimes& times, Instant now);

  bool is_dialled() const { return is_dialled_; }
  bool is_open() const { return phase_ == Phase::open; }
  const GroupId& group() const { return group_; }  // of the other side; empty while unknown

  // Where bytes from the other side go, then how many came.
  std::uint8_t* space(std::size_t count) { return decoder_.space(count); }
  void arrived(std::size_t count, Instant now);
  // The next frame that is not the link's own business; nothing: that was all for now.
  Result<std::optional<wire::Received>> next();
  Result<void> read_rows(const wire::Rows& rows, std::size_t rows_max, segment::Batch& batch) {
    return decoder_.read_rows(rows, rows_max, batch);
  }

  // What is to be written; the caller takes from its front.
  wire::ByteBuffer& output() { return out_; }
  void send(const wire::Frame& frame) { encoder_.write(frame, out_); }
  Result<std::size_t> send_rows(wire::ChannelId channel, Epoch epoch, const segment::Batch& batch,
                                wire::RowPlace& from) {
    return encoder_.write_rows(channel, epoch, batch, from, out_);
  }
  // Adds the goodbye that tells the other side.
  void give_up(const Error& why);

  // Beats, and judges the other side's silence. To be called after what has come was taken.
  Result<void> tick(Instant now);
  Instant wake_at() const;

  std::uint64_t frames_in() const { return decoder_.frames(); }
  std::uint64_t frames_out() const { return encoder_.frames(); }

 private:
  enum class Phase : unsigned char { greeting, open, broken };

  Link(const Identity& self, GroupId other, bool is_dialled, const LinkTimes& times, Instant now);
  Result<void> greeted(const wire::Hello& hello);
  Result<bool> is_own_business(const wire::Received& received);
  Error broken(Error why);

  Identity self_;
  GroupId group_;
  bool is_dialled_;
  LinkTimes times_;
  Phase phase_ = Phase::greeting;
  wire::Encoder encoder_;
  wire::Decoder decoder_;
  wire::ByteBuffer out_;
  Instant heard_at_;
  Instant beat_at_;
  Instant ticked_at_;
  std::optional<Instant> frame_since_;  // a frame has been incomplete since then
  std::uint64_t frames_at_tick_ = 0;    // received before the last tick
  std::uint64_t frames_at_beat_ = 0;    // sent before the last beat
};

}  // namespace onyx::messaging
