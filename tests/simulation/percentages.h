// I6: what percentages promise, said in another way than the schedulers compute it.
//
// Shape:   looks at a replica whose peers are all alike. A job with tags, plugins, sites or flux policies is not judged.
#pragma once

#include <optional>
#include <string>

#include "daemon/replica/replica.h"

namespace onyx::simulation {

// What is wrong with the shares of jobs, or of a job's tasks; nothing when they are right.
std::optional<std::string> wrong_percentage(const replica::Replica& replica);

}  // namespace onyx::simulation
