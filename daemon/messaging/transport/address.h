// Where a data plane can be reached: "unix:/run/onyx/data.sock,127.0.0.1:7401".
//
// Shape:   a list in the order in which a dialler tries them. The path of a Unix socket is only there on the same host; elsewhere
//          connecting to it fails at once, and the next address is tried. The greeting checks who answers.
// Errors:  TCP addresses are numeric and, until connections are encrypted, on the loopback network.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace onyx::messaging {

struct Address {
  std::string path;  // of a Unix socket; else
  std::string host;  // "127.0.0.1", "::1"
  std::uint16_t port = 0;

  bool is_unix() const { return !path.empty(); }
  std::string text() const;
  bool operator==(const Address&) const = default;
};

Result<Address> parse_address(std::string_view text);
Result<std::vector<Address>> parse_addresses(std::string_view text);

}  // namespace onyx::messaging
