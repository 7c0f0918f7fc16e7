// The daemon: its subsystems, in the order in which they start; stop is the reverse.
//
// Thread:  start() and the destructor on one thread. A development environment in a test is one of these with `is_dev`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "daemon/config/settings.h"

namespace onyx {

class Onyxd {
 public:
  static Result<std::unique_ptr<Onyxd>> start(config::Settings settings);
  ~Onyxd();  // leaves the cluster, stops everything

  // `onyxd ready api=ADDR[,ADDR] zookeeper=ADDR group=ID peers=N`
  std::string ready_line() const;
  const std::vector<std::string>& addresses() const;
  // Whether the group's thread and a worker each did what they were asked within the time.
  bool gets_on(std::uint64_t within_us);

 private:
  struct Parts;
  explicit Onyxd(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace onyx
