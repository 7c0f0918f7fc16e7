// What is different between two replicas, as values at paths.
//
// Shape:   works on the EDN of replicas (replica::to_edn). A path goes through maps by key, and through vectors of maps
//          with an :id by that id, so that a job is compared with itself wherever it stands; any other vector is one
//          value. :version is left out: every entry changes it. What there is now comes first, then what has gone.
// Thread:  pure functions.
#pragma once

#include <optional>
#include <vector>

#include "common/edn/value.h"
#include "daemon/replica/replica.h"

namespace onyx::query {

struct ReplicaChange {
  std::vector<edn::Value> path;
  std::optional<edn::Value> before;  // none: was not there
  std::optional<edn::Value> after;   // none: is not there any more
};

std::vector<ReplicaChange> changes_between(const replica::Replica& before,
                                           const replica::Replica& after);

}  // namespace onyx::query
