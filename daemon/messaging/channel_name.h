// The names under which the parts of a job find each other across daemons.
//
// Shape:   a job at one version of its allocation; one direction from a peer of one task to a peer of another.
#pragma once

#include <compare>
#include <string>

#include "common/base/ids.h"

namespace onyx::messaging {

struct JobKey {
  JobId job;
  ReplicaVersion version = -1;
  auto operator<=>(const JobKey&) const = default;
};

struct ChannelName {
  JobKey job;
  TaskId from;
  SlotId from_slot = 0;
  TaskId to;
  SlotId to_slot = 0;
  auto operator<=>(const ChannelName&) const = default;

  // "job … version 7: in 0 → out 1"
  std::string text() const;
};

// Where a group can be reached; it travels in the log with the group's peers.
struct Site {
  GroupId group;
  std::string addresses;  // address.h
  auto operator<=>(const Site&) const = default;
};

}  // namespace onyx::messaging
