#include "daemon/service/listen.h"

#include <fmt/format.h>
#include <sys/un.h>

#include <charconv>

namespace onyx::service {
namespace {

constexpr std::size_t kPathMax = sizeof(sockaddr_un::sun_path) - 1;

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  return host.rfind("127.", 0) == 0 && host.find_first_not_of("0123456789.") == std::string::npos;
}

Result<Listen> parse_unix(const std::string& path) {
  if (path.empty() || path.front() != '/') {
    return failure(ErrorCode::invalid_argument,
                   fmt::format("found `unix:{}`, wanted an absolute path: unix:/path", path),
                   "NET-01");
  }
  if (path.size() > kPathMax) {
    return failure(ErrorCode::invalid_argument,
                   fmt::format("the path of a Unix socket has at most {} bytes, `{}` has {}; "
                               "choose a shorter one",
                               kPathMax, path, path.size()),
                   "NET-01");
  }
  return Listen{path, "", 0};
}

}  // namespace

std::string Listen::text() const {
  return path.empty() ? fmt::format("{}:{}", host, port) : "unix:" + path;
}

Result<Listen> parse_listen(const std::string& text) {
  if (text.rfind("unix:", 0) == 0) return parse_unix(text.substr(5));
  Listen listen;
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.find(':', bracket == std::string::npos ? 0 : bracket);
  listen.host = text.substr(0, colon);
  if (colon != std::string::npos) {
    const char* begin = text.data() + colon + 1;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(begin, end, listen.port);
    if (error != std::errc() || stop != end || begin == end) {
      return failure(ErrorCode::invalid_argument,
                     fmt::format("found port `{}` in `{}`, wanted 0 to 65535", begin, text),
                     "NET-01");
    }
  }
  if (listen.host.empty()) {
    return failure(ErrorCode::invalid_argument,
                   fmt::format("found `{}`, wanted unix:/path or HOST:PORT", text), "NET-01");
  }
  if (!is_loopback(listen.host)) {
    return failure(ErrorCode::permission_denied,
                   fmt::format("`{}` can be reached from other machines, and the API has no TLS "
                               "yet; listen on 127.0.0.1:{} or unix:/path",
                               text, listen.port),
                   "NET-03");
  }
  return listen;
}

}  // namespace onyx::service
