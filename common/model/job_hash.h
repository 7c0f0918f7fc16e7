// The hash that makes submission idempotent: equal jobs have equal hashes on every machine and in
// every version.
//
// Shape:   64 lower-case hexadecimal digits of SHA-256 (docs/formats/job_hash.md).
#pragma once

#include <string>

#include "common/edn/value.h"

namespace onyx::model {

// Of the whole job map as given, with its functions and its :metadata.
std::string job_hash(const edn::Value& job);

}  // namespace onyx::model
