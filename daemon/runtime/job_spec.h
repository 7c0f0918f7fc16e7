// What the replica keeps of a job, from what the job says.
#pragma once

#include <memory>

#include "common/model/planning.h"
#include "daemon/replica/replica.h"

namespace onyx::runtime {

std::shared_ptr<const replica::JobSpec> job_spec(const model::Job& job, const model::Plan& plan);

// The job's name as text: a string as it is, a keyword or uuid as it is written; empty when it has none.
std::string job_name(const model::Job& job);

}  // namespace onyx::runtime
