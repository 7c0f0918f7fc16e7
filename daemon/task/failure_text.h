// A task's exception in words: message, data, and the calls that led to it.
#pragma once

#include <string>
#include <string_view>

#include "common/base/ids.h"
#include "common/edn/value.h"

namespace onyx::task {

std::string failure_text(const edn::Value& exception, const TaskId& task, std::string_view phase);

}  // namespace onyx::task
