// The one switch over the effects that coordination asks for, and the text of an exception in the job store.
#pragma once

#include <string>

#include "daemon/coordination/effect.h"
#include "daemon/runtime/task_launcher.h"

namespace onyx::runtime {

// "job-killed" …: what lifecycles are told.
std::string event_name(coordination::SchedulerEvent event);

// {:message … :data {…} :phase … :task … :peer … :text …}
std::string exception_text(const TaskFailure& failure);

}  // namespace onyx::runtime
