// The rows of the information model, one file per section.
#pragma once

#include <span>

#include "common/model/information_model.h"

namespace onyx::model::keys {

std::span<const ModelKey> job_keys();  // The keys of a job map.
std::span<const ModelKey> catalog_keys();  // The keys of a catalog entry.
std::span<const ModelKey> flow_keys();  // The keys of a flow condition.
std::span<const ModelKey> window_keys();  // The keys of a window.
std::span<const ModelKey> trigger_keys();  // The keys of a trigger.
std::span<const ModelKey> lifecycle_keys();  // The keys of a lifecycle entry.
std::span<const ModelKey> lifecycle_calls_keys();  // The hooks of a lifecycle calls map.
std::span<const ModelKey> state_aggregation_keys();  // The keys of a user's aggregation map.
std::span<const ModelKey> trigger_calls_keys();  // The keys of a user's trigger map.
std::span<const ModelKey> state_refinement_keys();  // The keys of a user's refinement map.
std::span<const ModelKey> resume_point_keys();  // The keys of a resume definition.
std::span<const ModelKey> job_config_keys();  // The keys of :job-config.
std::span<const ModelKey> peer_config_keys();  // The keys of a peer configuration.
std::span<const ModelKey> daemon_keys();  // The daemon's own configuration keys.
std::span<const ModelKey> file_plugin_keys();  // The keys of file inputs and outputs.
std::span<const ModelKey> seq_plugin_keys();  // The keys of seq inputs and outputs.
std::span<const ModelKey> generator_plugin_keys();  // The keys of generator inputs.

}  // namespace onyx::model::keys
