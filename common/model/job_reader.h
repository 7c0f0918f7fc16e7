// Job map to Job.
//
// Errors:  made for jobs that validate() accepts; a job that it would refuse gives invalid_argument
// with the first
//          problem met, and never aborts, so that a job read from ZooKeeper is not trusted either.
#pragma once

#include "common/base/result.h"
#include "common/edn/value.h"
#include "common/model/job.h"

namespace onyx::model {

Result<Job> read_job(const edn::Value& job);

// The predicate tree of one flow condition; `entry` gives the values of its parameters.
Result<Predicate> read_predicate(const edn::Value& form, const edn::Value& entry);

// `[count unit]`, for example [5 :minutes]; nullopt when it is none.
std::optional<Quantity> read_quantity(const edn::Value& value);

}  // namespace onyx::model
