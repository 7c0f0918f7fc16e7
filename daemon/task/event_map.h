// The event map: what hooks, predicates and post-transforms see of the task they run in.
//
// Shape:   three layers, each over the one before: what is the same for every peer of the task (made once per job), what a
//          peer adds when it starts, and, only where hooks look, the batch of the moment.
// Source:  spec of the information model, 13; keys that stand for live objects of the JVM are left out.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/base/ids.h"
#include "common/edn/value.h"
#include "common/model/job.h"
#include "common/model/planning.h"
#include "daemon/dataflow/transform.h"

namespace onyx::task {

class CompiledTask;
struct TaskEnvironment;

edn::Value event_of_task(const model::Job& job, const model::PlannedTask& planned,
                         const model::CatalogEntry& entry);

// `function` is what :onyx/fn resolved to, nil when there is none.
edn::Value event_of_peer(const CompiledTask& task, const TaskEnvironment& environment,
                         edn::Value function, std::span<const edn::Value> params);

// A uuid text as #uuid, anything else as a string.
edn::Value id_value(std::string_view text);

// :onyx.core/transformed: a sequence of results for each element of the batch.
edn::Value transformed_value(const dataflow::Results& results);
// Back again; an exception when it does not line up with a batch of `elements`.
tl::expected<dataflow::Results, edn::Value> results_of(const edn::Value& transformed,
                                                       std::size_t elements);

}  // namespace onyx::task
