#include "daemon/messaging/transport/sockets.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace onyx::messaging {

namespace {

struct SocketName {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Result<SocketName> name_of(const Address& address) {
  SocketName name;
  if (address.is_unix()) {
    sockaddr_un un{};
    un.sun_family = AF_UNIX;
    std::memcpy(un.sun_path, address.path.data(), address.path.size());  // its length was checked
    std::memcpy(&name.storage, &un, sizeof un);
    name.size = sizeof un;
    return name;
  }
  sockaddr_in in{};
  if (::inet_pton(AF_INET, address.host.c_str(), &in.sin_addr) == 1) {
    in.sin_family = AF_INET;
    in.sin_port = htons(address.port);
    std::memcpy(&name.storage, &in, sizeof in);
    name.size = sizeof in;
    return name;
  }
  sockaddr_in6 in6{};
  if (::inet_pton(AF_INET6, address.host.c_str(), &in6.sin6_addr) == 1) {
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(address.port);
    std::memcpy(&name.storage, &in6, sizeof in6);
    name.size = sizeof in6;
    return name;
  }
  return failure(ErrorCode::invalid_argument, address.host + " is not a numeric address", "NET-01");
}

tl::unexpected<Error> cannot_listen(const Address& address, int error) {
  return failure(ErrorCode::unavailable,
                 fmt::format("cannot listen on {}: {}", address.text(), std::strerror(error)),
                 "NET-02");
}

tl::unexpected<Error> cannot_connect(const Address& address, int error) {
  return failure(ErrorCode::unavailable,
                 fmt::format("cannot connect to {}: {}", address.text(), std::strerror(error)),
                 "NET-22");
}

Descriptor stream_socket(const Address& address, const SocketName& name) {
  Descriptor socket(::socket(name.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket && !address.is_unix()) {
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on,
                 sizeof on);  // frames are gathered here
  }
  return socket;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

// A file whose daemon is gone refuses connections.
void remove_ghost(const std::string& path) {
  const auto address = parse_address("unix:" + path);
  if (!address.has_value()) return;
  const auto name = name_of(*address);
  if (!name.has_value()) return;
  const Descriptor probe = stream_socket(*address, *name);
  if (probe && ::connect(probe.get(), name->get(), name->size) != 0 && errno == ECONNREFUSED)
    ::unlink(path.c_str());
}

Result<Listening> listen_on(const Address& address) {
  ONYX_ASSIGN_OR_RETURN(const SocketName name, name_of(address));
  Listening listening{stream_socket(address, name), address};
  const int socket = listening.socket.get();
  if (socket < 0) return cannot_listen(address, errno);
  if (address.is_unix()) {
    remove_ghost(address.path);
  } else {
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  }
  if (::bind(socket, name.get(), name.size) != 0) return cannot_listen(address, errno);
  if (::listen(socket, SOMAXCONN) != 0) return cannot_listen(address, errno);
  if (!address.is_unix()) {
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0)
      return cannot_listen(address, errno);
    // The port lies at the same place for both families.
    listening.address.port = ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
  }
  return listening;
}

Result<Descriptor> connect_to(const Address& address) {
  ONYX_ASSIGN_OR_RETURN(const SocketName name, name_of(address));
  Descriptor socket = stream_socket(address, name);
  if (!socket) return cannot_connect(address, errno);
  if (::connect(socket.get(), name.get(), name.size) != 0 && errno != EINPROGRESS)
    return cannot_connect(address, errno);
  return socket;
}

int connect_error(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

Descriptor accept_from(int listening) {
  Descriptor socket(::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket) {
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // Unix sockets refuse it
  }
  return socket;
}

}  // namespace onyx::messaging
