#include "daemon/zookeeper/warden/session_keeper.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

extern char** environ;

namespace onyx::zookeeper {

using concurrency::MutexLock;

namespace {

// 0600 from the first byte on, and never half.
void write_file(const std::string& path, const std::string& text) {
  if (text.empty()) {
    ::unlink(path.c_str());
    return;
  }
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool is_written =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (fd >= 0) ::close(fd);
  if (!is_written || ::rename(fresh.c_str(), path.c_str()) != 0)
    spdlog::warn("session not written to {}: {}", path, std::strerror(errno));
}

int spawn(const std::string& program, int stdin_fd, pid_t& child) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, stdin_fd, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  std::string name = "onyxd-warden";
  char* arguments[] = {name.data(), nullptr};
  const int error = ::posix_spawn(&child, program.c_str(), &files, &how, arguments, environ);
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

}  // namespace

Result<std::unique_ptr<SessionKeeper>> SessionKeeper::start(const std::string& warden,
                                                            const std::string& ticket_file) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return failure(ErrorCode::unavailable, fmt::format("no pipe: {}", std::strerror(errno)));
  }
  // Whoever tells never waits for the warden.
  ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
  pid_t child = -1;
  const int error = spawn(warden, ends[0], child);
  ::close(ends[0]);
  if (error != 0) {
    ::close(ends[1]);
    return failure(ErrorCode::unavailable,
                   fmt::format("{} cannot be started: {}", warden, std::strerror(error)));
  }
  return std::unique_ptr<SessionKeeper>(new SessionKeeper(child, ends[1], ticket_file));
}

SessionKeeper::SessionKeeper(pid_t warden, int pipe, std::string ticket_file)
    : warden_(warden), ticket_file_(std::move(ticket_file)), pipe_(pipe) {}

SessionKeeper::~SessionKeeper() {
  MutexLock lock(mutex_);
  ::close(std::exchange(pipe_, -1));
  // With something left to do it may need longer than this daemon may take to end.
  if (!tickets_.open().empty()) return;
  while (::waitpid(warden_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void SessionKeeper::opened(const Ticket& ticket) {
  MutexLock lock(mutex_);
  tell(open_line(ticket));
}

void SessionKeeper::closed(std::int64_t session) {
  MutexLock lock(mutex_);
  tell(closed_line(session));
}

void SessionKeeper::tell(const std::string& line) {
  tickets_.take(std::string_view(line).substr(0, line.size() - 1));
  if (!ticket_file_.empty()) write_file(ticket_file_, tickets_.text());
  const bool is_told = line.size() <= kTicketLineMax && ::write(pipe_, line.data(), line.size()) ==
                                                            static_cast<ssize_t>(line.size());
  if (!is_told) {
    spdlog::warn(
        "the warden is gone or takes nothing: if this daemon dies, the others notice when "
        "its ZooKeeper session has timed out warden={}",
        warden_);
  }
}

std::string warden_path() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string("onyxd-warden") : (self.parent_path() / "onyxd-warden").string();
}

std::string ticket_file_path() {
  const char* const directory = std::getenv("RUNTIME_DIRECTORY");
  return directory == nullptr || *directory == '\0' ? std::string()
                                                    : std::string(directory) + "/sessions";
}

}  // namespace onyx::zookeeper
