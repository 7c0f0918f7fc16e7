// The name of a complete snapshot of a job: (replica version, epoch), ordered that way.
//
// Shape:   epochs start at 0 with each version; 0 is the recovery barrier and never a coordinate. Until snapshots exist
//          no coordinate is ever written, and every recovery is from none.
#pragma once

#include <compare>
#include <string>

#include "common/base/ids.h"

namespace onyx::barrier {

struct CheckpointCoordinate {
  std::string tenancy;
  JobId job;
  ReplicaVersion version = -1;
  Epoch epoch = -1;  // >= 1

  bool operator==(const CheckpointCoordinate&) const = default;
  // Of one job: earlier before later.
  friend bool is_before(const CheckpointCoordinate& a, const CheckpointCoordinate& b) {
    return a.version != b.version ? a.version < b.version : a.epoch < b.epoch;
  }
};

}  // namespace onyx::barrier
