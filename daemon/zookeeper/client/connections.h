// The TCP connections of this process to the ZooKeeper servers, which the C client keeps to itself.
//
// Shape:   found among the open descriptors by whom they are connected to. A broken one is a connection loss to the C client,
//          like any other: it connects again, with its session, watches and credentials.
// Thread:  any. Only sockets that are connected to one of these servers are ever touched, whatever happens meanwhile.
// Errors:  none: what cannot be found is not broken, and the C client goes by its own time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace onyx::zookeeper {

// "host:port,host:port/chroot" as numbers ("127.0.0.1:2181"), in the form of peers of sockets. May ask DNS.
std::vector<std::string> resolved_servers(std::string_view address);

// How many there were.
std::size_t break_connections(const std::vector<std::string>& servers);

}  // namespace onyx::zookeeper
