// Who may do what with a znode: ZooKeeper's access lists.
//
// Source:  PrepRequestProcessor.checkACL and fixupACL of ZooKeeper 3.8, for the schemes world,
//          digest and auth.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "daemon/zookeeper/embedded/protocol.h"

namespace onyx::zookeeper::embedded {

using Identities = std::set<Identity>;

bool is_allowed(const std::vector<Acl>& acl, std::int32_t perm, const Identities& who);

// What is stored for the list a client asks for: "auth" becomes the client's own identities.
// Nothing when the list is not a legal one.
std::optional<std::vector<Acl>> resolve_acl(const std::vector<Acl>& wanted, const Identities& who);

}  // namespace onyx::zookeeper::embedded
