// A barrier: the marker that cuts every stream of a job into epochs.
//
// Shape:   epoch 0 is the recovery barrier: `recover` says from which snapshot (none: start fresh). No segment follows a
//          sealing one: every input has ended. Watermarks travel with it, the least over all upstreams.
// Units:   watermarks in milliseconds of event time, by the name of their source ("coordinator", "input").
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "common/base/ids.h"
#include "daemon/barrier/coordinate.h"

namespace onyx::barrier {

struct Barrier {
  ReplicaVersion version = -1;
  Epoch epoch = 0;
  bool checkpoint = false;
  bool sealing = false;
  std::optional<CheckpointCoordinate> recover;  // epoch 0 only
  std::map<std::string, std::int64_t> watermarks;

  bool operator==(const Barrier&) const = default;
};

}  // namespace onyx::barrier
