// The servers of ZooKeeper as an address names them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onyx::zookeeper {

struct Server {
  std::string host;  // a name or a number, without brackets
  std::string port;
};

// "host:port,[::1]:port/chroot"; what is none is left out.
std::vector<Server> servers_in(std::string_view address);

}  // namespace onyx::zookeeper
