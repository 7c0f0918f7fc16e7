#include "daemon/config/credentials_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace onyx::config {

namespace {

constexpr std::size_t kCredentialsBytesMax = 4'096;

tl::unexpected<Error> refused(const std::string& path, std::string_view why) {
  return failure(ErrorCode::invalid_argument,
                 fmt::format(":onyxd/zookeeper-auth-file {} {}", path, why), "CFG-11");
}

Result<std::string> read_open(int fd, const std::string& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return refused(path, "is no file");
  if ((status.st_mode & 077) != 0) {
    return refused(path, fmt::format("can be read by others than its owner (mode {:03o}); run  "
                                     "chmod 600 {}",
                                     status.st_mode & 0777, path));
  }
  std::string text(kCredentialsBytesMax + 1, '\0');
  const ssize_t count = ::read(fd, text.data(), text.size());
  if (count < 0) return refused(path, fmt::format("cannot be read: {}", std::strerror(errno)));
  text.resize(static_cast<std::size_t>(count));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const std::size_t colon = text.find(':');
  const bool is_one_line =
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= ' ' && c != 127; });
  if (text.size() > kCredentialsBytesMax || !is_one_line || colon == std::string::npos ||
      colon == 0 || colon + 1 == text.size()) {
    return refused(path, "has to hold one line, USER:PASSWORD");
  }
  return text;
}

}  // namespace

Result<std::string> read_credentials(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return refused(path, fmt::format("cannot be read: {}", std::strerror(errno)));
  auto text = read_open(fd, path);
  ::close(fd);
  return text;
}

}  // namespace onyx::config
