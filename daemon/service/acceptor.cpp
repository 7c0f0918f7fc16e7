#include "daemon/service/acceptor.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace onyx::service {
namespace {

constexpr rlim_t kDescriptorsKept = 64;  // for files, ZooKeeper and the data plane
constexpr int kBackOffMs = 100;          // until there may be descriptors again

Error refusal(const Listen& address, std::string_view why) {
  return Error(ErrorCode::unavailable, fmt::format("cannot listen on {}: {}", address.text(), why),
               "NET-02");
}

std::string_view words_of(int error) {
  switch (error) {
    case EADDRINUSE:
      return "it is taken; stop who listens there, or listen elsewhere";
    case EADDRNOTAVAIL:
      return "this machine has no such address";
    case ENOENT:
      return "its directory is missing; create it first";
    case EACCES:
      return "its directory cannot be written to";
    default:
      return std::strerror(error);
  }
}

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

// Removes what a dead daemon left, and nothing else.
Result<void> claim(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode)) {
    return failure(
        ErrorCode::already_exists,
        fmt::format("{} is there and is not a socket; move it, or listen elsewhere", path),
        "NET-02");
  }
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const sockaddr_un address = unix_address(path);
  const bool is_live =
      fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (fd >= 0) ::close(fd);
  if (is_live) {
    return failure(
        ErrorCode::already_exists,
        fmt::format("another daemon listens on unix:{}; stop it, or listen elsewhere", path),
        "NET-02");
  }
  ::unlink(path.c_str());
  return {};
}

bool is_almost_out_of_descriptors(int fd) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return false;
  // The kernel gives out the lowest number that is free.
  return static_cast<rlim_t>(fd) + kDescriptorsKept >= limit.rlim_cur;
}

}  // namespace

Acceptor::Acceptor() : stop_event_(::eventfd(0, EFD_CLOEXEC)) {}

Acceptor::~Acceptor() {
  stop();
  if (stop_event_ >= 0) ::close(stop_event_);
}

Result<Listen> Acceptor::listen(const Listen& wanted) {
  Listen address = wanted;
  ONYX_ASSIGN_OR_RETURN(const int socket,
                        wanted.path.empty() ? listen_tcp(address) : listen_unix(wanted.path));
  sockets_.push_back(socket);
  return address;
}

Result<int> Acceptor::listen_unix(const std::string& path) {
  ONYX_TRY(claim(path));
  const Listen address{path, "", 0};
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return tl::unexpected(refusal(address, words_of(errno)));
  const sockaddr_un where = unix_address(path);
  // Nobody can connect before the mode is right.
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
      ::chmod(path.c_str(), 0660) != 0 || ::listen(fd, SOMAXCONN) != 0) {
    const int error = errno;
    ::close(fd);
    return tl::unexpected(refusal(address, words_of(error)));
  }
  paths_.push_back(path);
  return fd;
}

Result<int> Acceptor::listen_tcp(Listen& address) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const bool is_v6 = address.host == "[::1]";
  v4.sin_family = AF_INET;
  v4.sin_port = htons(address.port);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(address.port);
  v6.sin6_addr = in6addr_loopback;
  const std::string host = address.host == "localhost" ? "127.0.0.1" : address.host;
  if (!is_v6 && ::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) != 1) {
    return failure(ErrorCode::invalid_argument,
                   fmt::format("found `{}`, wanted an address such as 127.0.0.1", address.host),
                   "NET-01");
  }
  const int fd =
      ::socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return tl::unexpected(refusal(address, words_of(errno)));
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto* where = is_v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
  socklen_t size = is_v6 ? sizeof v6 : sizeof v4;
  if (::bind(fd, where, size) != 0 || ::listen(fd, SOMAXCONN) != 0 ||
      ::getsockname(fd, where, &size) != 0) {
    const int error = errno;
    ::close(fd);
    return tl::unexpected(refusal(address, words_of(error)));
  }
  address.port = ntohs(is_v6 ? v6.sin6_port : v4.sin_port);
  return fd;
}

void Acceptor::start(std::function<void(int)> take) {
  take_ = std::move(take);
  thread_ = concurrency::NamedThread("api-accept", [this] { run(); });
}

void Acceptor::stop() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_event_, &one, sizeof one);
  thread_.join();
  for (const int socket : sockets_) ::close(socket);
  for (const std::string& path : paths_) ::unlink(path.c_str());
  sockets_.clear();
  paths_.clear();
}

void Acceptor::run() {
  std::vector<pollfd> all{{stop_event_, POLLIN, 0}};
  for (const int socket : sockets_) all.push_back({socket, POLLIN, 0});
  bool may_accept = true;
  for (;;) {
    // Out of descriptors the listening sockets stay readable: only the stop is waited for.
    const int ready = ::poll(all.data(), may_accept ? all.size() : 1, may_accept ? -1 : kBackOffMs);
    may_accept = true;
    if (ready < 0) continue;
    if ((all[0].revents & POLLIN) != 0) return;
    for (std::size_t i = 1; ready > 0 && i < all.size(); ++i) {
      if (all[i].revents != 0 && !accept_all(all[i].fd)) may_accept = false;
    }
  }
}

bool Acceptor::accept_all(int socket) {
  for (;;) {
    const int fd = ::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
      if (is_almost_out_of_descriptors(fd)) {
        ::close(fd);
        spdlog::warn("connection turned away: almost out of file descriptors in-use={}", fd);
        return false;
      }
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // of TCP only
      take_(fd);
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno == EAGAIN) return true;
    spdlog::warn("connection cannot be taken: {}", std::strerror(errno));
    return false;
  }
}

}  // namespace onyx::service
