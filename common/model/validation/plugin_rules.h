// The connector of one catalog entry: is there one of that name, does it fit the task, are its own keys right.
#pragma once

#include "common/model/job.h"
#include "common/model/validation/rules.h"

namespace onyx::model {

void check_plugin(JobParts& parts, const EntryShape& entry, TaskType type);

}  // namespace onyx::model
