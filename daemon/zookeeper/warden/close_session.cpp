#include "daemon/zookeeper/warden/close_session.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <vector>

#include "daemon/zookeeper/warden/servers.h"

namespace onyx::zookeeper {

namespace {

constexpr timeval kServerTime{1, 0};
constexpr int kBetweenRoundsMs = 100;
constexpr std::size_t kReplyMax = 1'024;
constexpr std::int32_t kAskedTimeoutMs = 10'000;
constexpr std::int32_t kCloseSession = -11;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connect(const addrinfo& to) const {
    return fd_ >= 0 &&
           ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &kServerTime, sizeof kServerTime) == 0 &&
           ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kServerTime, sizeof kServerTime) == 0 &&
           ::connect(fd_, to.ai_addr, to.ai_addrlen) == 0;
  }
  bool send(const std::string& bytes) const {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t sent = ::send(fd_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
      if (sent <= 0) return false;
      done += static_cast<std::size_t>(sent);
    }
    return true;
  }
  bool receive(char* to, std::size_t count) const {
    return ::recv(fd_, to, count, MSG_WAITALL) == static_cast<ssize_t>(count);
  }

 private:
  const int fd_;
};

template <class Integer>
void put(std::string& bytes, Integer number) {
  for (unsigned shift = 8 * sizeof number; shift > 0;) {
    shift -= 8;
    bytes += static_cast<char>((static_cast<std::uint64_t>(number) >> shift) & 0xffU);
  }
}

std::int32_t integer_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i)
    number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<std::int32_t>(number);
}

std::string frame(const std::string& body) {
  std::string bytes;
  put(bytes, static_cast<std::int32_t>(body.size()));
  return bytes + body;
}

std::optional<std::string> read_frame(const Socket& socket) {
  std::string length(4, '\0');
  if (!socket.receive(length.data(), 4)) return std::nullopt;
  const std::int32_t size = integer_at(length, 0);
  if (size < 8 || static_cast<std::size_t>(size) > kReplyMax) return std::nullopt;
  std::string body(static_cast<std::size_t>(size), '\0');
  if (!socket.receive(body.data(), body.size())) return std::nullopt;
  return body;
}

std::string resume_request(const Ticket& ticket) {
  std::string body;
  put(body, std::int32_t{0});  // protocol version
  put(body, std::int64_t{0});  // newest write seen: any server will do
  put(body, kAskedTimeoutMs);
  put(body, ticket.session);
  put(body, static_cast<std::int32_t>(ticket.password.size()));
  body += ticket.password;
  body += '\0';  // not read-only
  return frame(body);
}

std::string close_request() {
  std::string body;
  put(body, std::int32_t{1});  // number of the request
  put(body, kCloseSession);
  return frame(body);
}

// Nothing: this server does not answer.
std::optional<Closed> close_at(const Ticket& ticket, const addrinfo& to) {
  const Socket socket(::socket(to.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.connect(to) || !socket.send(resume_request(ticket))) return std::nullopt;
  const auto resumed = read_frame(socket);
  if (!resumed.has_value()) return std::nullopt;
  if (integer_at(*resumed, 4) <= 0) return Closed::was_over;  // the timeout granted
  if (!socket.send(close_request()) || !read_frame(socket).has_value()) return std::nullopt;
  return Closed::closed;
}

std::optional<Closed> close_at(const Ticket& ticket, const Server& server) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  if (::getaddrinfo(server.host.c_str(), server.port.c_str(), &wanted, &raw) != 0)
    return std::nullopt;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(raw, ::freeaddrinfo);
  for (const addrinfo* one = raw; one != nullptr; one = one->ai_next) {
    if (const auto closed = close_at(ticket, *one)) return closed;
  }
  return std::nullopt;
}

}  // namespace

Closed close_session(const Ticket& ticket, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  const std::vector<Server> servers = servers_in(ticket.servers);
  while (ticket.session != 0) {
    for (const Server& server : servers) {
      if (const auto closed = close_at(ticket, server)) return *closed;
    }
    if (std::chrono::steady_clock::now() >= until) break;
    ::poll(nullptr, 0, kBetweenRoundsMs);
  }
  return Closed::unreachable;
}

}  // namespace onyx::zookeeper
