#include "common/api/local_socket.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace onyx::api {
namespace {

constexpr const char* kSocketName = "/onyxd.sock";

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_socket(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string directory_of(const std::string& socket) {
  return socket.substr(0, socket.size() - std::strlen(kSocketName));
}

// Below /tmp anybody could have made the directory first.
Result<void> check_private(const std::string& directory) {
  struct stat status {};
  if (::lstat(directory.c_str(), &status) != 0) {
    return failure(ErrorCode::unavailable, fmt::format("{}: {}", directory, std::strerror(errno)),
                   "NET-02");
  }
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 022) != 0) {
    return failure(ErrorCode::permission_denied,
                   fmt::format("{} is not a directory that only you can write to; remove it, or "
                               "give an address with --listen",
                               directory),
                   "NET-02");
  }
  return {};
}

}  // namespace

std::vector<std::string> local_sockets() {
  std::vector<std::string> paths;
  std::string given = environment("RUNTIME_DIRECTORY");
  given = given.substr(0, given.find(':'));  // systemd lists several with colons
  if (!given.empty()) paths.push_back(given + kSocketName);
  if (is_directory("/run/onyx")) paths.push_back(std::string("/run/onyx") + kSocketName);
  const std::string user = environment("XDG_RUNTIME_DIR");
  if (!user.empty() && is_directory(user)) paths.push_back(user + "/onyx" + kSocketName);
  paths.push_back(fmt::format("/tmp/onyx-{}{}", ::geteuid(), kSocketName));
  return paths;
}

Result<std::string> socket_to_listen_on() {
  ONYX_ASSIGN_OR_RETURN(const std::string directory, run_directory());
  return directory + kSocketName;
}

Result<std::string> run_directory() {
  const std::vector<std::string> paths = local_sockets();
  for (const std::string& path : paths) {
    const std::string directory = directory_of(path);
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) continue;
    if (::access(directory.c_str(), W_OK | X_OK) != 0) continue;
    if (&path == &paths.back()) ONYX_TRY(check_private(directory));
    return directory;
  }
  return failure(ErrorCode::unavailable,
                 fmt::format("no directory for the local socket: {} cannot be written to; give an "
                             "address with --listen",
                             directory_of(paths.back())),
                 "NET-02");
}

std::string socket_to_connect_to() {
  const std::vector<std::string> paths = local_sockets();
  for (const std::string& path : paths) {
    if (is_socket(path)) return path;
  }
  for (const std::string& path : paths) {
    if (::access(directory_of(path).c_str(), W_OK) == 0) return path;
  }
  return paths.size() > 1 ? paths[paths.size() - 2] : paths.back();
}

}  // namespace onyx::api
