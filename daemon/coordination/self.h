// Who is looking: the facts about one group that its reactions and effects may depend on.
//
// Shape:   the group's id, and what its performer has taken on so far. Everything else comes from the replica.
#pragma once

#include <set>

#include "common/base/ids.h"

namespace onyx::coordination {

struct Self {
  GroupId group;
  std::set<GroupId>
      watching;  // the pulses it watches: the last WatchPulses it was given, empty at first
};

}  // namespace onyx::coordination
