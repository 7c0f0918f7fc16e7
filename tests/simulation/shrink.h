// Cuts a failing plan down: fewer acts, hosts and servers, smaller numbers, quieter delays, while the same invariant fails.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulation/plan.h"

namespace onyx::simulation {

struct Shrunk {
  Plan plan;
  std::uint64_t runs = 0;
};

// `runs_max` bounds the work.
Shrunk shrink(const Plan& plan, const std::string& invariant, std::uint64_t runs_max = 2'000);

}  // namespace onyx::simulation
