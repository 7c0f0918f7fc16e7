// Seam: where fresh ids come from. Random in a daemon, counted in tests and simulation.
#pragma once

#include <string>

namespace onyx {

class IdSource {
 public:
  virtual ~IdSource() = default;
  // A new UUID, version 4, as lower-case text.
  virtual std::string uuid() = 0;
};

}  // namespace onyx
