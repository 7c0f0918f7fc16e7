// In a simulation a failed ONYX_CHECK ends the run, not the process, and is a violation like any other.
#include <fmt/format.h>

#include "common/base/check.h"
#include "tests/simulation/oracle.h"

namespace onyx {

void check_failed(const char* condition, const char* file, int line, const std::string& message) {
  throw simulation::Violation{"check failed",
                              fmt::format("{} at {}:{}: {}", condition, file, line, message)};
}

}  // namespace onyx
