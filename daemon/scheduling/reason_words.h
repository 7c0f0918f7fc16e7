// An explanation for people and programs: a stable word, one sentence with the numbers, and what would help.
//
// Thread:  pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/scheduling/explain.h"

namespace onyx::scheduling {

std::string_view name_of(Reason reason);  // "not-enough-peers": for programs, and stable

// "waits: it needs 4 peers, the cluster has 2: 2 more"
std::string sentence(const Explanation& explanation);

// What a task lacks: "wants :gpu, which 1 peer has"; empty when only the number counts.
std::string note_of(const TaskNeed& task);

// Commands or deeds that would help, best first.
std::vector<std::string> deeds(const Explanation& explanation);

}  // namespace onyx::scheduling
