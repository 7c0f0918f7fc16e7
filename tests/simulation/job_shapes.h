// Jobs for simulations: any shape that validation lets through, from a number.
#pragma once

#include <cstdint>
#include <memory>

#include "daemon/replica/replica.h"
#include "tests/simulation/plan.h"

namespace onyx::simulation {

std::shared_ptr<const replica::JobSpec> job_shape(std::uint64_t number, const Plan& plan);

}  // namespace onyx::simulation
