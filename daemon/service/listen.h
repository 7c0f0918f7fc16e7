// Where the API listens: `unix:/path`, or HOST:PORT on loopback.
//
// Errors:  invalid_argument for what is neither; permission_denied for an address that other machines can reach, until
//          the API has TLS.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"

namespace onyx::service {

inline constexpr std::uint16_t kApiPort = 7400;

struct Listen {
  std::string path;               // Unix socket; empty: TCP
  std::string host;               // "127.0.0.1", "[::1]"
  std::uint16_t port = kApiPort;  // 0: one that is free

  // As gRPC and onyxctl take it.
  std::string text() const;
};

Result<Listen> parse_listen(const std::string& text);

}  // namespace onyx::service
