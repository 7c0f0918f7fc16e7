// What a job asks of the scheduler ↔ EDN, with the keys of Onyx's :submit-job: one map per property, by task.
//
// Shape:   docs/formats/log_entries.md. The fields lie in the map itself, beside others of the caller.
#pragma once

#include <memory>

#include "common/edn/value.h"
#include "daemon/replica/edn_fields.h"
#include "daemon/replica/replica.h"

namespace onyx::replica {

void put_spec(MapBuilder& map, const JobSpec& spec);
// Null, and an error in the fields, when it cannot be understood.
std::shared_ptr<const JobSpec> read_spec(Fields& fields);

}  // namespace onyx::replica
