// The API of one daemon: the services of proto/onyx/v1 and gRPC's health service, on Unix sockets and loopback TCP.
//
// Thread:  start and stop on one thread; the handlers run on gRPC's. The Backend outlives the Server.
// Errors:  start() names the address that could not be had: taken, not loopback, no permission.
// Source:  spec/robustness.md §3.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "daemon/service/backend.h"

namespace onyx::service {

class Server {
 public:
  // `listen`: at least one of listen.h's forms. `daemon` signs errors, for example "onyxd host-a".
  static Result<std::unique_ptr<Server>> start(Backend& backend,
                                               const std::vector<std::string>& listen,
                                               std::string daemon);
  ~Server();  // stops

  // One for each of `listen`, in that order, with the port that was found for port 0.
  const std::vector<std::string>& addresses() const { return addresses_; }

  // What the health service says; not serving at first.
  void set_serving(bool is_serving);

  // Refuses new calls, ends streams and waits at most a second for running ones before it cancels them. Removes the
  // sockets. Idempotent.
  void stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
  std::vector<std::string> addresses_;
};

}  // namespace onyx::service
