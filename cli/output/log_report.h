// Entries of the log and changes of the replica as fields and rows; shared by the commands that show them.
#pragma once

#include <string>
#include <vector>

#include "cli/output/report.h"
#include "common/api/views.h"

namespace onyx::cli {

edn::Value value_of(const api::LogEntryView& entry);

edn::Value value_of(const std::vector<api::ReplicaChangeView>& changes);
// A row a change: + added, - gone, ~ another value. `is_short` cuts ids and long values, for a terminal.
Table change_table(const std::vector<api::ReplicaChangeView>& changes, bool is_short);

}  // namespace onyx::cli
