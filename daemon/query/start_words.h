// What a job that has its peers still waits for before all of them run, from what the daemons report of it.
//
// Shape:   a daemon that has not answered, or not begun, counts with all its peers of the job; of one that has, the tasks
//          whose peers have not come to their first batch.
// Thread:  pure functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/ids.h"
#include "daemon/replica/replica.h"
#include "daemon/runtime/inquiries.h"

namespace onyx::query {

// "is starting: 2 of 3 peers run; task f waits for its :lifecycle/start-task? hook"; none: all of them run.
std::optional<std::string> starting_text(const replica::Replica& replica, const replica::Job& job,
                                         const runtime::HeardReports& heard);

// "waits for its :lifecycle/start-task? hook", of a phase of the task's loop.
std::string_view words_of_phase(std::string_view phase);

}  // namespace onyx::query
