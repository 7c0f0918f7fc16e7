// Exceptions on their way out of a task: what they are extended with, and what is sent in their place.
//
// Shape:   an exception is a value, lang::ExceptionInfo.
// Source:  spec of the task lifecycle, 13.1; of flow conditions, 5.
#pragma once

#include <string>

#include "common/base/error.h"
#include "common/edn/value.h"

namespace onyx::dataflow {

// `data` of the exception gains :offending-task, :original-exception (its class), and the entry
// `key` → `offending`: :offending-segment, or :offending-batch.
edn::Value with_offender(const edn::Value& exception, const edn::Value& task, const char* key,
                         edn::Value offending);

// {:error {:message … :class … :data … :task …} :segment …}: sent where a rule has no :flow/post-transform.
edn::Value error_segment(const edn::Value& exception, const edn::Value& task, edn::Value segment);

// An exception that the task itself raises.
edn::Value task_exception(std::string message, edn::Value data = {});
edn::Value task_exception(const Error& error);

}  // namespace onyx::dataflow
