// The replica ↔ EDN: what the log's origin stores, `replica show` prints and cases are written in.
//
// Shape:   docs/formats/log_entries.md, "The origin". Complete: reading back gives an equal replica. A key that is left
//          out has its base value, so that a case states only what it is about.
// Errors:  reading names the key that is wrong; what was read is checked against invariants by who needs it.
#pragma once

#include "common/base/result.h"
#include "common/edn/value.h"
#include "daemon/replica/replica.h"

namespace onyx::replica {

inline constexpr std::int64_t kReplicaFormat = 1;

edn::Value to_edn(const Replica& replica);
Result<Replica> replica_from_edn(const edn::Value& value);

// `{:version :job-scheduler …}`: the log parameters.
edn::Value to_edn(const Parameters& parameters);
Result<Parameters> parameters_from_edn(const edn::Value& value);

}  // namespace onyx::replica
