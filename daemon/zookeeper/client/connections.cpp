#include "daemon/zookeeper/client/connections.h"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include "daemon/zookeeper/warden/servers.h"

namespace onyx::zookeeper {

namespace {

std::optional<std::string> as_numbers(const sockaddr* address, socklen_t length) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (address->sa_family != AF_INET && address->sa_family != AF_INET6) return std::nullopt;
  if (::getnameinfo(address, length, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return std::nullopt;
  }
  return std::string(host.data()) + ":" + port.data();
}

std::optional<std::string> peer_of(int socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::getpeername(socket, generic, &length) != 0) return std::nullopt;
  return as_numbers(generic, length);
}

std::vector<int> open_descriptors() {
  std::vector<int> descriptors;
  std::error_code error;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    if (descriptor >= 0) descriptors.push_back(descriptor);
  }
  return descriptors;
}

}  // namespace

std::vector<std::string> resolved_servers(std::string_view address) {
  std::vector<std::string> resolved;
  for (const Server& server : servers_in(address)) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    if (::getaddrinfo(server.host.c_str(), server.port.c_str(), &wanted, &raw) != 0) continue;
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(raw, ::freeaddrinfo);
    for (const addrinfo* one = raw; one != nullptr; one = one->ai_next) {
      if (auto numbers = as_numbers(one->ai_addr, one->ai_addrlen))
        resolved.push_back(std::move(*numbers));
    }
  }
  return resolved;
}

std::size_t break_connections(const std::vector<std::string>& servers) {
  std::size_t broken = 0;
  for (const int descriptor : open_descriptors()) {
    // The number may belong to something else at any moment; a copy stays what it is.
    const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) continue;
    const auto peer = peer_of(copy);
    if (peer.has_value() && std::ranges::find(servers, *peer) != servers.end() &&
        ::shutdown(copy, SHUT_RDWR) == 0) {
      ++broken;
    }
    ::close(copy);
  }
  return broken;
}

}  // namespace onyx::zookeeper
