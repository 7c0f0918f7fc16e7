// Seam: where time comes from. The core never reads a clock; edges hand it the time as an argument.
#pragma once

#include <chrono>

namespace onyx {

using Instant = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;
using WallTimeMs = std::int64_t;  // milliseconds since 1970-01-01T00:00:00Z

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant monotonic() const = 0;
  virtual WallTimeMs wall_ms() const = 0;
};

}  // namespace onyx
