#include "daemon/zookeeper/embedded/access.h"

#include <algorithm>

namespace onyx::zookeeper::embedded {

bool is_allowed(const std::vector<Acl>& acl, std::int32_t perm, const Identities& who) {
  return std::ranges::any_of(acl, [&](const Acl& entry) {
    return (entry.perms & perm) != 0 && (entry.who.scheme == "world" || who.contains(entry.who));
  });
}

std::optional<std::vector<Acl>> resolve_acl(const std::vector<Acl>& wanted, const Identities& who) {
  std::vector<Acl> acl;
  for (const Acl& entry : wanted) {
    if (entry.who.scheme == "auth") {
      if (who.empty()) return std::nullopt;
      for (const Identity& identity : who) acl.push_back({entry.perms, identity});
    } else if (entry.who == Identity{"world", "anyone"} ||
               (entry.who.scheme == "digest" && std::ranges::count(entry.who.id, ':') == 1)) {
      acl.push_back(entry);
    } else {
      return std::nullopt;
    }
  }
  if (acl.empty()) return std::nullopt;
  return acl;
}

}  // namespace onyx::zookeeper::embedded
