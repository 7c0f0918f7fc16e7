// Sockets of the data plane: stream sockets that never block, closed when their owner goes.
#pragma once

#include <utility>

#include "common/base/result.h"
#include "daemon/messaging/transport/address.h"

namespace onyx::messaging {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

struct Listening {
  Descriptor socket;
  Address address;  // with the port that was picked
};

// A Unix socket's file that nobody listens on any more is replaced.
Result<Listening> listen_on(const Address& address);

// Removes the file of a Unix socket that nobody listens on.
void remove_ghost(const std::string& path);

// Begins to connect; done when the socket is writable, and connect_error() says how it went.
Result<Descriptor> connect_to(const Address& address);
// 0: connected.
int connect_error(int socket);

// One that is waiting to be accepted; none: an empty descriptor.
Descriptor accept_from(int listening);

}  // namespace onyx::messaging
