#include "daemon/zookeeper/embedded/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <future>
#include <unordered_map>
#include <vector>

#include "daemon/concurrency/mutex.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/zookeeper/embedded/server_machine.h"

namespace onyx::zookeeper::embedded {
namespace {

constexpr std::size_t kConnectionsMax = 1'000;
constexpr std::size_t kUnsentBytesMax = 64 * 1024 * 1024;  // a client that does not read is let go
constexpr std::uint64_t kListenerTag = 0;
constexpr std::uint64_t kWakeTag = 1;
constexpr std::uint64_t kFirstConnection = 2;

class SystemClock final : public Clock {
 public:
  Instant monotonic() const override { return std::chrono::steady_clock::now(); }
  WallTimeMs wall_ms() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

template <class T>
T random_value() {
  T value{};
  while (::getrandom(&value, sizeof value, 0) != sizeof value) {
  }
  return value;
}

std::string random_password() {
  const auto bytes = random_value<std::array<char, 16>>();
  return std::string(bytes.begin(), bytes.end());
}

// Unlike those of another server that was here before, so that its clients are told of their end.
SessionId random_first_session() {
  return static_cast<SessionId>(random_value<std::uint64_t>() >> 16 << 8 | 1);
}

tl::unexpected<Error> system_failure(const char* what) {
  return failure(ErrorCode::unavailable,
                 fmt::format("in-memory ZooKeeper: {}: {}", what, std::strerror(errno)));
}

}  // namespace

class Server::Loop {
 public:
  Loop(const ServerOptions& options, const Clock* clock)
      : clock_(clock != nullptr ? *clock : system_clock_),
        machine_(Sessions(options.session_timeout_min, options.session_timeout_max),
                 random_first_session(), random_password) {}

  ~Loop() {
    if (!started_) return;
    post([this] { stopping_ = true; });
    thread_.join();
  }

  Result<void> start(std::uint16_t port) {
    listener_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    epoll_ = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
    wake_ = Descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (listener_.get() < 0 || epoll_.get() < 0 || wake_.get() < 0) {
      return system_failure("no descriptor");
    }
    const int on = 1;
    ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, length) != 0 || ::listen(listener_.get(), 128) != 0 ||
        ::getsockname(listener_.get(), generic, &length) != 0) {
      return system_failure(fmt::format("cannot listen on 127.0.0.1:{}", port).c_str());
    }
    address_ = fmt::format("127.0.0.1:{}", ntohs(address.sin_port));
    watch(EPOLL_CTL_ADD, listener_.get(), EPOLLIN, kListenerTag);
    watch(EPOLL_CTL_ADD, wake_.get(), EPOLLIN, kWakeTag);
    thread_ = concurrency::NamedThread("zk-embedded", [this] { run(); });
    started_ = true;
    return {};
  }

  const std::string& address() const { return address_; }

  // Runs `call` on the loop's thread; returns when it has run.
  void post(std::function<void()> call) {
    std::promise<void> done;
    {
      concurrency::MutexLock lock(mutex_);
      calls_.push_back([&call, &done] {
        call();
        done.set_value();
      });
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
    done.get_future().wait();
  }

  // For calls that run on the loop's thread.
  void close_all_connections() {
    while (!connections_.empty()) close(connections_.begin()->first);
  }
  void expire_all() {
    Output output;
    machine_.expire_all(output);
    perform(output);
  }
  void tick() {
    Output output;
    machine_.tick(now(), output);
    perform(output);
  }
  ServerMachine& machine() { return machine_; }

 private:
  struct Connection {
    Descriptor socket;
    std::string in;
    std::string out;
    std::size_t sent = 0;  // of `out`
    bool waits_for_room = false;
  };

  Now now() const { return {clock_.monotonic(), clock_.wall_ms()}; }

  void watch(int operation, int fd, std::uint32_t events, std::uint64_t tag) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = tag;
    ::epoll_ctl(epoll_.get(), operation, fd, &event);
  }

  void run() {
    std::array<epoll_event, 64> events;
    while (!stopping_) {
      const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), wait_ms());
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.u64 == kListenerTag) {
          accept_all();
        } else if (event.data.u64 == kWakeTag) {
          run_calls();
        } else if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
          read(event.data.u64);
        } else {
          flush(event.data.u64);
        }
      }
      tick();
    }
    close_all_connections();
  }

  int wait_ms() const {
    constexpr std::chrono::milliseconds kLongest{1'000};
    const std::optional<Instant> deadline = machine_.next_deadline();
    if (!deadline) return static_cast<int>(kLongest.count());
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock_.monotonic());
    return static_cast<int>(std::clamp(left, std::chrono::milliseconds(1), kLongest).count());
  }

  void run_calls() {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t taken = ::read(wake_.get(), &count, sizeof count);
    std::vector<std::function<void()>> calls;
    {
      concurrency::MutexLock lock(mutex_);
      calls.swap(calls_);
    }
    for (const auto& call : calls) call();
  }

  void accept_all() {
    for (;;) {
      Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (socket.get() < 0) return;
      if (connections_.size() >= kConnectionsMax) continue;
      const int on = 1;
      ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const ConnectionId id = next_connection_++;
      watch(EPOLL_CTL_ADD, socket.get(), EPOLLIN, id);
      connections_[id].socket = std::move(socket);
      machine_.opened(id, now());
    }
  }

  void read(ConnectionId id) {
    const auto it = connections_.find(id);
    if (it == connections_.end()) return;
    const ssize_t count =
        ::recv(it->second.socket.get(), read_buffer_.data(), read_buffer_.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
      close(id);
      return;
    }
    it->second.in.append(read_buffer_.data(), static_cast<std::size_t>(count));
    take_frames(id);
  }

  // Hands over every whole frame. One that is too long closes the connection before it is read.
  void take_frames(ConnectionId id) {
    const std::string in = std::move(connections_.at(id).in);
    connections_.at(id).in.clear();
    std::string_view rest = in;
    Output output;
    while (rest.size() >= 4) {
      const std::int32_t length = JuteReader(rest.substr(0, 4)).integer();
      if (length < 0 || static_cast<std::size_t>(length) > kFrameBytesMax) {
        output.closes.push_back(id);
        rest = {};
        break;
      }
      if (rest.size() - 4 < static_cast<std::size_t>(length)) break;
      machine_.received(id, rest.substr(4, static_cast<std::size_t>(length)), now(), output);
      rest.remove_prefix(4 + static_cast<std::size_t>(length));
      if (std::ranges::find(output.closes, id) != output.closes.end()) break;
    }
    connections_.at(id).in = rest;
    perform(output);
  }

  void perform(const Output& output) {
    std::vector<ConnectionId> written;
    for (const Output::Send& send : output.sends) {
      const auto it = connections_.find(send.to);
      if (it == connections_.end()) continue;
      it->second.out += send.frame;
      if (written.empty() || written.back() != send.to) written.push_back(send.to);
    }
    for (const ConnectionId id : written) flush(id);
    for (const ConnectionId id : output.closes) close(id);
  }

  void flush(ConnectionId id) {
    const auto it = connections_.find(id);
    if (it == connections_.end()) return;
    Connection& connection = it->second;
    while (connection.sent < connection.out.size()) {
      const ssize_t count = ::send(connection.socket.get(), connection.out.data() + connection.sent,
                                   connection.out.size() - connection.sent, MSG_NOSIGNAL);
      if (count > 0) {
        connection.sent += static_cast<std::size_t>(count);
        continue;
      }
      if (count < 0 && errno == EINTR) continue;
      const bool is_full = count < 0 && errno == EAGAIN;
      if (!is_full || connection.out.size() - connection.sent > kUnsentBytesMax) {
        close(id);
        return;
      }
      connection.out.erase(0, connection.sent);
      connection.sent = 0;
      wait_for_room(id, connection, true);
      return;
    }
    connection.out.clear();
    connection.sent = 0;
    wait_for_room(id, connection, false);
  }

  void wait_for_room(ConnectionId id, Connection& connection, bool wanted) {
    if (connection.waits_for_room == wanted) return;
    connection.waits_for_room = wanted;
    watch(EPOLL_CTL_MOD, connection.socket.get(), wanted ? EPOLLIN | EPOLLOUT : EPOLLIN, id);
  }

  void close(ConnectionId id) {
    if (connections_.erase(id) != 0) machine_.closed(id);
  }

  const SystemClock system_clock_;
  const Clock& clock_;
  ServerMachine machine_;
  Descriptor listener_;
  Descriptor epoll_;
  Descriptor wake_;
  std::string address_;
  std::unordered_map<ConnectionId, Connection> connections_;
  ConnectionId next_connection_ = kFirstConnection;
  std::array<char, 64 * 1024> read_buffer_;
  bool stopping_ = false;
  bool started_ = false;

  concurrency::Mutex mutex_;
  std::vector<std::function<void()>> calls_ ONYX_GUARDED_BY(mutex_);
  concurrency::NamedThread thread_;
};

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, const Clock* clock) {
  auto loop = std::make_unique<Loop>(options, clock);
  ONYX_TRY(loop->start(options.port));
  return std::unique_ptr<Server>(new Server(std::move(loop)));
}

Server::Server(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Server::~Server() = default;

const std::string& Server::address() const { return loop_->address(); }

void Server::cut_connections() {
  loop_->post([this] { loop_->close_all_connections(); });
}

void Server::cut_before_next_reply() {
  loop_->post([this] { loop_->machine().cut_before_next_reply(); });
}

void Server::expire_sessions() {
  loop_->post([this] { loop_->expire_all(); });
}

void Server::wake() {
  loop_->post([this] { loop_->tick(); });
}

std::size_t Server::session_count() const {
  std::size_t count = 0;
  loop_->post([this, &count] { count = loop_->machine().session_count(); });
  return count;
}

}  // namespace onyx::zookeeper::embedded
