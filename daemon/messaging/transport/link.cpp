#include "daemon/messaging/transport/link.h"

#include <fmt/format.h>

#include <algorithm>

namespace onyx::messaging {

namespace {

// Takes as long whatever is equal.
bool same_secret(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

}  // namespace

LinkTimes link_times(std::chrono::milliseconds session_timeout) {
  LinkTimes times;
  times.silence = std::max(times.silence, session_timeout / 2 + std::chrono::seconds(1));
  times.frame = std::max(times.frame, times.silence);
  return times;
}

Link::Link(const Identity& self, GroupId other, bool is_dialled, const LinkTimes& times,
           Instant now)
    : self_(self),
      group_(std::move(other)),
      is_dialled_(is_dialled),
      times_(times),
      heard_at_(now),
      beat_at_(now),
      ticked_at_(now) {
  encoder_.preamble(out_);
}

Link Link::dialled(const Identity& self, const GroupId& to, const LinkTimes& times, Instant now) {
  Link link(self, to, true, times, now);
  link.send(wire::Hello{self.tenancy, self.group, to, self.token});
  return link;
}

Link Link::accepted(const Identity& self, const LinkTimes& times, Instant now) {
  return Link(self, {}, false, times, now);
}

void Link::arrived(std::size_t count, Instant now) {
  decoder_.filled(count);
  if (count > 0) heard_at_ = now;
}

Error Link::broken(Error why) {
  phase_ = Phase::broken;
  return why;
}

void Link::give_up(const Error& why) {
  phase_ = Phase::broken;
  send(wire::Goodbye{why.code(), why.text()});
}

Result<std::optional<wire::Received>> Link::next() {
  for (;;) {
    auto received = decoder_.next();
    if (!received.has_value()) return tl::unexpected(broken(std::move(received).error()));
    if (!received->has_value()) return received;
    auto own = is_own_business(**received);
    if (!own.has_value()) return tl::unexpected(broken(std::move(own).error()));
    if (!*own) return received;
  }
}

Result<bool> Link::is_own_business(const wire::Received& received) {
  const auto* frame = std::get_if<wire::Frame>(&received);
  if (frame != nullptr) {
    if (const auto* goodbye = std::get_if<wire::Goodbye>(frame)) {
      return failure(goodbye->code, "the other side ended the connection: " + goodbye->reason,
                     "NET-33");
    }
    if (std::holds_alternative<wire::Heartbeat>(*frame) && phase_ == Phase::open) return true;
  }
  if (phase_ == Phase::open) {
    // A dialler sends what belongs to channels and jobs; an acceptor answers.
    const bool is_answer = frame != nullptr && (std::holds_alternative<wire::Accept>(*frame) ||
                                                std::holds_alternative<wire::Credit>(*frame) ||
                                                std::holds_alternative<wire::Reset>(*frame) ||
                                                std::holds_alternative<wire::Answer>(*frame));
    const bool is_greeting = frame != nullptr && (std::holds_alternative<wire::Hello>(*frame) ||
                                                  std::holds_alternative<wire::Welcome>(*frame));
    if (is_greeting || is_answer != is_dialled_) {
      return failure(ErrorCode::invalid_argument,
                     "a frame came that this side of a connection never gets", "NET-32");
    }
    return false;
  }
  if (frame != nullptr && !is_dialled_) {
    if (const auto* hello = std::get_if<wire::Hello>(frame)) {
      ONYX_TRY(greeted(*hello));
      return true;
    }
  }
  if (frame != nullptr && is_dialled_) {
    if (const auto* welcome = std::get_if<wire::Welcome>(frame)) {
      if (welcome->from != group_) {
        return failure(ErrorCode::failed_precondition,
                       fmt::format("group {} answers where group {} was expected",
                                   welcome->from.text(), group_.text()),
                       "NET-31");
      }
      phase_ = Phase::open;
      return true;
    }
  }
  return failure(ErrorCode::invalid_argument, "a frame came before the greeting", "NET-32");
}

Result<void> Link::greeted(const wire::Hello& hello) {
  if (hello.tenancy != self_.tenancy) {
    return failure(ErrorCode::permission_denied,
                   fmt::format("tenancy {} is served here, not {}", self_.tenancy, hello.tenancy),
                   "NET-30");
  }
  if (!same_secret(hello.token, self_.token)) {
    return failure(ErrorCode::permission_denied, "the token is not this tenancy's", "NET-30");
  }
  if (hello.to != self_.group) {
    return failure(ErrorCode::failed_precondition,
                   fmt::format("group {} is here, not {}", self_.group.text(), hello.to.text()),
                   "NET-31");
  }
  group_ = hello.from;
  phase_ = Phase::open;
  send(wire::Welcome{self_.group});
  return {};
}

Result<void> Link::tick(Instant now) {
  if (phase_ == Phase::broken) return {};
  // Whoever was stopped itself has not listened, and cannot judge.
  if (now - ticked_at_ > times_.silence / 2) {
    heard_at_ = std::max(heard_at_, now);
    frame_since_.reset();
  }
  ticked_at_ = now;
  if (!decoder_.is_inside_frame() || decoder_.frames() != frames_at_tick_) frame_since_.reset();
  frames_at_tick_ = decoder_.frames();
  if (decoder_.is_inside_frame() && !frame_since_.has_value()) frame_since_ = now;
  if (now - heard_at_ > times_.silence ||
      (frame_since_.has_value() && now - *frame_since_ > times_.frame)) {
    return tl::unexpected(broken(Error(
        ErrorCode::unavailable,
        fmt::format("nothing was heard from group {} for {} ms",
                    group_.empty() ? "that has not greeted" : group_.text(),
                    std::chrono::duration_cast<std::chrono::milliseconds>(now - heard_at_).count()),
        "NET-34")));
  }
  if (now - beat_at_ >= times_.heartbeat) {
    if (phase_ == Phase::open && encoder_.frames() == frames_at_beat_) send(wire::Heartbeat{});
    beat_at_ = now;
    frames_at_beat_ = encoder_.frames();
  }
  return {};
}

Instant Link::wake_at() const {
  Instant at = std::min(beat_at_ + times_.heartbeat, heard_at_ + times_.silence);
  if (frame_since_.has_value()) at = std::min<Instant>(at, *frame_since_ + times_.frame);
  return at + std::chrono::milliseconds(1);
}

}  // namespace onyx::messaging
