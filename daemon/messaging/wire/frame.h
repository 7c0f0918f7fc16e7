// What daemons say to each other on the data plane, as values.
//
// Shape:   one struct a frame type, but for batches: those are written from and read into a segment::Batch (encoder.h,
//          decoder.h), so that its memory is used again. A channel is known by its name when it is opened and by a
//          small number from then on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "common/base/error.h"
#include "common/base/ids.h"
#include "daemon/barrier/barrier.h"
#include "daemon/messaging/channel_name.h"
#include "daemon/messaging/job_message.h"

namespace onyx::messaging::wire {

using ChannelId = std::uint32_t;

struct Hello {
  std::string tenancy;
  GroupId from;
  GroupId to;
  std::string token;
  bool operator==(const Hello&) const = default;
};
struct Welcome {
  GroupId from;
  bool operator==(const Welcome&) const = default;
};
struct Goodbye {
  ErrorCode code = ErrorCode::unavailable;
  std::string reason;
  bool operator==(const Goodbye&) const = default;
};
struct Heartbeat {
  bool operator==(const Heartbeat&) const = default;
};
struct Open {
  ChannelId channel = 0;
  ChannelName name;
  bool operator==(const Open&) const = default;
};
// The window: so much may be under way, not yet taken by the receiver. A single frame may exceed the bytes.
struct Accept {
  ChannelId channel = 0;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Accept&) const = default;
};
struct InBand {
  ChannelId channel = 0;
  barrier::Barrier barrier;
  bool operator==(const InBand&) const = default;
};
// Sums since the channel was opened.
struct Credit {
  ChannelId channel = 0;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Credit&) const = default;
};
struct Close {
  ChannelId channel = 0;
  bool operator==(const Close&) const = default;
};
struct Reset {
  ChannelId channel = 0;
  ErrorCode code = ErrorCode::unavailable;
  std::string reason;
  bool operator==(const Reset&) const = default;
};
// Past its version it is dropped by the receiver.
struct ToJob {
  JobKey job;
  JobMessage message;
  bool operator==(const ToJob&) const = default;
};

// Questions are numbered by whoever asks; answers come in any order.
struct Ask {
  std::uint64_t number = 0;
  std::string question;
  bool operator==(const Ask&) const = default;
};
struct Answer {
  std::uint64_t number = 0;
  std::optional<ErrorCode> refused;  // none: `text` is the answer, else the reason
  std::string text;
  bool operator==(const Answer&) const = default;
};

using Frame = std::variant<Hello, Welcome, Goodbye, Heartbeat, Open, Accept, InBand, Credit, Close,
                           Reset, ToJob, Ask, Answer>;

}  // namespace onyx::messaging::wire
