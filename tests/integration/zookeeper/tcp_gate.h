// A TCP relay in front of a server: for a server that takes connections and does not answer on them.
//
// Shape:   one thread; what comes from either side goes to the other, in order. A connection that is swallowed is accepted,
//          read from, and never answered; it stays until its client gives it up.
// Thread:  any.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace onyx {

class TcpGate {
 public:
  // `server`: "127.0.0.1:port".
  explicit TcpGate(const std::string& server)
      : server_(loopback(std::stoi(server.substr(server.find(':') + 1)))) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in own = loopback(0);
    socklen_t length = sizeof own;
    auto* const generic = reinterpret_cast<sockaddr*>(&own);
    if (::bind(listener_, generic, length) != 0 || ::listen(listener_, 64) != 0 || wake_ < 0)
      throw std::runtime_error("no gate");
    ::getsockname(listener_, generic, &length);
    port_ = ntohs(own.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~TcpGate() {
    stopping_ = true;
    wake();
    thread_.join();
    for (const Pair& pair : pairs_) end(pair);
    ::close(listener_);
    ::close(wake_);
  }
  TcpGate(const TcpGate&) = delete;
  TcpGate& operator=(const TcpGate&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // Of the connections to come; those that are there end at once.
  void swallow_next(int count) {
    to_swallow_ = count;
    cut_ = true;
    wake();
  }
  int swallowed() const { return swallowed_; }

 private:
  struct Pair {
    int client = -1;
    int server = -1;  // -1: swallowed
  };

  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static void end(const Pair& pair) {
    ::close(pair.client);
    if (pair.server >= 0) ::close(pair.server);
  }
  void wake() const { ::eventfd_write(wake_, 1); }

  void accept_one() {
    Pair pair{::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), -1};
    if (pair.client < 0) return;
    if (to_swallow_ > 0) {
      --to_swallow_;
      ++swallowed_;
    } else {
      pair.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (::connect(pair.server, reinterpret_cast<const sockaddr*>(&server_), sizeof server_) !=
          0) {
        end(pair);
        return;
      }
    }
    pairs_.push_back(pair);
  }

  // False: one of them has ended.
  static bool pass_on(int from, int to) {
    std::array<char, 65'536> bytes{};
    const ssize_t count = ::recv(from, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    for (ssize_t done = 0; to >= 0 && done < count;) {
      const ssize_t sent =
          ::send(to, bytes.data() + done, static_cast<std::size_t>(count - done), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      done += sent;
    }
    return true;
  }

  void run() {
    while (!stopping_) {
      std::vector<pollfd> waits{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
      for (const Pair& pair : pairs_) {
        waits.push_back({pair.client, POLLIN, 0});
        waits.push_back({pair.server, POLLIN, 0});  // -1 is left out by poll()
      }
      ::poll(waits.data(), waits.size(), -1);
      if (waits[0].revents != 0) {
        eventfd_t ignored = 0;
        ::eventfd_read(wake_, &ignored);
      }
      const bool all_end = cut_.exchange(false);
      std::vector<Pair> left;
      for (std::size_t i = 0; i < pairs_.size(); ++i) {
        const Pair& pair = pairs_[i];
        const bool goes_on = !all_end &&
                             (waits[2 + 2 * i].revents == 0 || pass_on(pair.client, pair.server)) &&
                             (waits[3 + 2 * i].revents == 0 || pass_on(pair.server, pair.client));
        if (goes_on) {
          left.push_back(pair);
        } else {
          end(pair);
        }
      }
      pairs_ = std::move(left);
      if (waits[1].revents != 0) accept_one();
    }
  }

  const sockaddr_in server_;
  const int wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> cut_{false};
  std::atomic<int> to_swallow_{0};
  std::atomic<int> swallowed_{0};
  std::vector<Pair> pairs_;  // of the thread
  std::thread thread_;
};

}  // namespace onyx
