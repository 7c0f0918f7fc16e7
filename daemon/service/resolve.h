// What a person typed to the one job, group or peer that is meant.
//
// Shape:   a full id; else a job's name; else a prefix of an id. A name that several jobs have means the one among them
//          that has not ended, when there is exactly one such.
// Errors:  not_found with the nearest names as candidates; invalid_argument, `is_ambiguous`, with all that fit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/service/backend.h"

namespace onyx::service {

Answer<JobId> resolve_job(std::string_view typed, const std::vector<JobRef>& jobs);
// The id that was typed in full, whether anybody knows it or not.
std::optional<JobId> full_id(std::string_view typed);
// An id, a prefix of one, or a host that one group is on; nothing: the daemon's own.
Answer<GroupId> resolve_group(std::string_view typed, const std::vector<GroupView>& groups);
Answer<PeerId> resolve_peer(std::string_view typed, const std::vector<PeerView>& peers);

}  // namespace onyx::service
