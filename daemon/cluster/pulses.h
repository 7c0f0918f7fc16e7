// Seam: who is alive. A pulse is there as long as the session of the group that announced it.
//
// Thread:  any; calls block and end by their own deadline. `on_gone` runs on a thread of the store
//          and must only enqueue.
// Errors:  trouble with one's own session is an Error, never "the other one is gone".
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "common/base/ids.h"
#include "common/base/result.h"

namespace onyx::cluster {

// Destroying it ends the watch; `on_gone` does not run afterwards. Not to be destroyed inside
// `on_gone`.
class PulseWatch {
 public:
  virtual ~PulseWatch() = default;
};

class Pulses {
 public:
  virtual ~Pulses() = default;

  // The pulse of this session's group. already_exists: another session holds that id.
  virtual Result<void> announce(const GroupId& group) = 0;
  virtual Result<bool> exists(const GroupId& group) = 0;
  virtual Result<std::vector<GroupId>> groups() = 0;

  // Calls `on_gone` once: when the pulse goes, or at once when there is none.
  virtual Result<std::unique_ptr<PulseWatch>> watch(const GroupId& group,
                                                    std::function<void()> on_gone) = 0;
};

}  // namespace onyx::cluster
