// What the files of the switchboard share: its lines, its ends of channels, its jobs.
//
// Shape:   switchboard.cpp: jobs, time, counters. switchboard_lines.cpp: connections, and the questions asked over them.
//          switchboard_channels.cpp: frames, channels, credits.
#pragma once

#include <set>
#include <utility>

#include "daemon/messaging/transport/switchboard.h"
#include "daemon/messaging/wire/format.h"

namespace onyx::messaging {

// The other side does not keep to the protocol.
inline tl::unexpected<Error> wrong(std::string what) {
  return failure(ErrorCode::invalid_argument, std::move(what), "NET-35");
}

// A connection, or the wish for one. `link` is there while the outside has a socket for it.
struct Switchboard::Line {
  LinkId id = 0;
  GroupId group;  // empty on an accepted line that has not greeted
  std::string addresses;
  bool is_dialled = false;
  std::optional<Link> link;
  std::set<JobKey> users;  // jobs that this line's end is a loss to

  // dialled
  bool is_dialling = false;  // the outside tries
  std::optional<Instant> dial_at;
  std::optional<Instant> failing_since;
  std::chrono::milliseconds back_off{0};
  std::vector<std::pair<JobKey, JobMessage>> untold;  // until it is open and nothing is held
  std::vector<wire::Ask> unasked;                     // until it is open
  std::set<AskId> asked;                              // and not answered yet
  wire::ChannelId next_channel = 0;
  std::map<wire::ChannelId, EndId> sends;

  // accepted: by number; 0 for a channel that nobody takes from any more
  std::map<wire::ChannelId, EndId> receives;
  std::map<wire::ChannelId, ChannelName> unclaimed;  // opened; nobody here has asked for it yet
  std::set<std::uint64_t> unanswered;                // questions that came
};

struct Switchboard::Outgoing {
  EndId id = 0;
  ChannelName name;
  GroupId to;
  std::shared_ptr<Channel> channel;
  LinkId line = 0;
  std::optional<wire::ChannelId> number;  // opened under it
  bool is_accepted = false;
  bool is_dead = false;   // nothing goes out any more
  bool is_ready = false;  // in ready_
  std::uint64_t window_messages = 0, window_bytes = 0;
  std::uint64_t sent_messages = 0, sent_bytes = 0;
  std::uint64_t taken_messages = 0, taken_bytes = 0;  // by the receiver; <= sent
  wire::RowPlace place;                               // in the message in front
  Epoch epoch = -1;                                   // of the last barrier sent
};

struct Switchboard::Incoming {
  EndId id = 0;
  ChannelName name;
  GroupId from;
  std::shared_ptr<Channel> channel;
  LinkId line = 0;  // 0: not opened yet
  wire::ChannelId number = 0;
  std::deque<std::uint32_t> sizes;                      // of the messages in the ring
  std::uint64_t pushed_messages = 0, pushed_bytes = 0;  // >= taken >= credited
  std::uint64_t taken_messages = 0, taken_bytes = 0;
  std::uint64_t credited_messages = 0, credited_bytes = 0;
  Epoch epoch = -1;
};

struct Switchboard::Job {
  JobListener listener;
  std::set<EndId> outgoing;
  std::set<EndId> incoming;
  std::set<GroupId> lost;
};

}  // namespace onyx::messaging
