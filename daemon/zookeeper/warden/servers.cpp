#include "daemon/zookeeper/warden/servers.h"

#include <algorithm>

namespace onyx::zookeeper {

std::vector<Server> servers_in(std::string_view address) {
  std::vector<Server> servers;
  address = address.substr(0, address.find('/'));
  while (!address.empty()) {
    const std::string_view one = address.substr(0, address.find(','));
    address.remove_prefix(std::min(address.size(), one.size() + 1));
    const std::size_t colon = one.rfind(':');
    if (colon == std::string_view::npos) continue;
    std::string_view host = one.substr(0, colon);
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    servers.push_back({std::string(host), std::string(one.substr(colon + 1))});
  }
  return servers;
}

}  // namespace onyx::zookeeper
