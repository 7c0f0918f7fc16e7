// Seam: what all groups of a tenancy must agree on (job scheduler, messaging, log version). The
// first to start sets it.
//
// Thread:  any. Blocks, and ends by its own deadline.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace onyx::cluster {

class LogParameters {
 public:
  virtual ~LogParameters() = default;

  // Writes `text` if there are no parameters yet; returns what stands there now.
  virtual Result<std::string> create_or_read(std::string_view text) = 0;
  virtual Result<std::optional<std::string>> read() = 0;
};

}  // namespace onyx::cluster
