#include "daemon/messaging/transport/address.h"

#include <fmt/format.h>

#include <charconv>

namespace onyx::messaging {

namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::size_t kPathMax = 107;  // of the kernel

tl::unexpected<Error> wrong_address(std::string_view text, std::string_view why) {
  return failure(
      ErrorCode::invalid_argument,
      fmt::format("\"{}\" is no address of a data plane: {}; write unix:/PATH or 127.0.0.1:PORT",
                  text, why),
      "NET-01");
}

}  // namespace

std::string Address::text() const {
  if (is_unix()) return std::string(kUnix) + path;
  if (host.find(':') != std::string::npos) return fmt::format("[{}]:{}", host, port);
  return fmt::format("{}:{}", host, port);
}

Result<Address> parse_address(std::string_view text) {
  Address address;
  if (text.starts_with(kUnix)) {
    address.path = text.substr(kUnix.size());
    if (address.path.empty() || address.path.front() != '/')
      return wrong_address(text, "the path is not absolute");
    if (address.path.size() > kPathMax)
      return wrong_address(text, fmt::format("a socket's path has at most {} bytes", kPathMax));
    if (address.path.find(',') != std::string::npos || address.path.find('\0') != std::string::npos)
      return wrong_address(text, "the path holds a comma or a zero byte");
    return address;
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong_address(text, "it has no port");
  const std::string_view port = text.substr(colon + 1);
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (port.empty() || parsed.ec != std::errc() || parsed.ptr != port.data() + port.size())
    return wrong_address(text, "the port is not a number up to 65535");
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  if (!host.starts_with("127.") && host != "::1")
    return wrong_address(text,
                         "only the loopback network is allowed until connections are encrypted");
  address.host = host;
  return address;
}

Result<std::vector<Address>> parse_addresses(std::string_view text) {
  std::vector<Address> addresses;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    ONYX_ASSIGN_OR_RETURN(Address address, parse_address(text.substr(begin, end - begin)));
    addresses.push_back(std::move(address));
    begin = end + 1;
  }
  return addresses;
}

}  // namespace onyx::messaging
