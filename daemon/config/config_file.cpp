#include "daemon/config/config_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace onyx::config {
namespace {

constexpr std::size_t kConfigBytesMax = 16 * 1024 * 1024;  // as the EDN reader has it

Error refusal(ErrorCode code, const std::string& path, std::string_view why) {
  return Error(code, fmt::format("configuration {} {}", path, why));
}

}  // namespace

Result<std::string> read_config_file(const std::string& path) {
  struct stat status {};
  std::ifstream file(path, std::ios::binary);
  if (!file || ::stat(path.c_str(), &status) != 0) {
    return tl::unexpected(
        refusal(errno == ENOENT ? ErrorCode::not_found : ErrorCode::permission_denied, path,
                fmt::format("cannot be read: {}", std::strerror(errno))));
  }
  if (S_ISDIR(status.st_mode)) {
    return tl::unexpected(
        refusal(ErrorCode::invalid_argument, path, "is a directory; name the file in it"));
  }
  if (S_ISREG(status.st_mode) && (status.st_mode & S_IWOTH) != 0) {
    return tl::unexpected(refusal(
        ErrorCode::permission_denied, path,
        fmt::format("can be written to by anybody (mode {:03o}), who would decide which files this "
                    "daemon opens; run  chmod o-w {}",
                    status.st_mode & 0777, path)));
  }
  std::string text;
  char block[64 * 1024];
  while (file.read(block, sizeof block), file.gcount() > 0) {
    text.append(block, static_cast<std::size_t>(file.gcount()));
    if (text.size() > kConfigBytesMax) {
      return tl::unexpected(refusal(ErrorCode::invalid_argument, path,
                                    fmt::format("is longer than {} bytes", kConfigBytesMax)));
    }
  }
  if (file.bad()) {
    return tl::unexpected(refusal(ErrorCode::permission_denied, path, "cannot be read to its end"));
  }
  return text;
}

}  // namespace onyx::config
