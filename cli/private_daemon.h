// A development daemon of our own, for as long as this object lives: `onyxd --dev` on a Unix socket in a fresh
// directory.
//
// Errors:  not_found when there is no onyxd beside this binary or in PATH; unavailable, with what it said on stderr, when
//          it ends before it is ready or is not ready in time.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "common/base/result.h"

namespace onyx::cli {

class PrivateDaemon {
 public:
  // Must come before gRPC is first used: it does not survive what a child does before exec.
  static Result<std::unique_ptr<PrivateDaemon>> start(int peers);
  ~PrivateDaemon();  // stops it, by force after 5 s
  PrivateDaemon(const PrivateDaemon&) = delete;
  PrivateDaemon& operator=(const PrivateDaemon&) = delete;

  const std::string& address() const { return address_; }
  // Asks it to stop; any thread.
  void interrupt() const;

 private:
  PrivateDaemon() = default;
  Result<void> await_ready(int out);

  std::string directory_;
  std::string address_;
  pid_t pid_ = -1;
};

}  // namespace onyx::cli
