#include "cli/private_daemon.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>
#include <vector>

extern char** environ;

namespace onyx::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kReadyMax = 20s;  // of a machine that is busy; it takes less than a tenth
constexpr auto kStopMax = 5s;

std::string find_daemon() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    const std::string beside = (self.parent_path() / "onyxd").string();
    if (::access(beside.c_str(), X_OK) == 0) return beside;
  }
  const char* path = std::getenv("PATH");
  std::string rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    const std::string candidate = rest.substr(0, colon) + "/onyxd";
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  }
  return "";
}

Result<pid_t> spawn(const std::string& program, std::vector<std::string> arguments, int out,
                    const std::string& log) {
  arguments.insert(arguments.begin(), program);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   0600);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t pipe;
  sigemptyset(&none);
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &pipe);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, program.c_str(), &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    return failure(ErrorCode::unavailable,
                   fmt::format("cannot start {}: {}", program, std::strerror(error)), "NET-13");
  }
  return pid;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Result<std::unique_ptr<PrivateDaemon>> PrivateDaemon::start(int peers) {
  const std::string program = find_daemon();
  if (program.empty()) {
    return failure(ErrorCode::not_found,
                   "no onyxd beside onyxctl or in PATH; name a running one with --addr", "NET-13");
  }
  std::unique_ptr<PrivateDaemon> daemon(new PrivateDaemon());
  std::string pattern = (std::filesystem::temp_directory_path() / "onyx-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    return failure(ErrorCode::unavailable,
                   fmt::format("cannot make {}: {}", pattern, std::strerror(errno)), "NET-13");
  }
  daemon->directory_ = pattern;
  daemon->address_ = "unix:" + pattern + "/onyxd.sock";
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) {
    return failure(ErrorCode::unavailable, fmt::format("no pipe: {}", std::strerror(errno)),
                   "NET-13");
  }
  auto pid = spawn(program,
                   {"--dev", "--peers", std::to_string(peers), "--listen", daemon->address_,
                    "--state-dir", pattern + "/state"},
                   pipe[1], pattern + "/stderr");
  ::close(pipe[1]);
  if (pid) daemon->pid_ = *pid;
  Result<void> ready = pid ? daemon->await_ready(pipe[0]) : tl::unexpected(pid.error());
  ::close(pipe[0]);
  if (!ready) return tl::unexpected(ready.error());
  return daemon;
}

Result<void> PrivateDaemon::await_ready(int out) {
  const auto deadline = std::chrono::steady_clock::now() + kReadyMax;
  std::string said;
  for (;;) {
    if (said.find("onyxd ready") != std::string::npos && said.back() == '\n') return {};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd poll{out, POLLIN, 0};
    char buffer[512];
    const bool is_readable = left > 0ms && ::poll(&poll, 1, static_cast<int>(left.count())) > 0;
    const ssize_t count = is_readable ? ::read(out, buffer, sizeof buffer) : 0;
    if (count <= 0) {
      std::string error = content_of(directory_ + "/stderr");
      return failure(
          ErrorCode::unavailable,
          fmt::format("the daemon for the tests {}{}{}",
                      is_readable ? "ended before it was ready" : "was not ready in time",
                      error.empty() ? "" : ":\n", error),
          "NET-13");
    }
    said.append(buffer, static_cast<std::size_t>(count));
  }
}

void PrivateDaemon::interrupt() const {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
}

PrivateDaemon::~PrivateDaemon() {
  if (pid_ > 0) {
    ::kill(pid_, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + kStopMax;
    while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > deadline) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        break;
      }
      std::this_thread::sleep_for(5ms);
    }
  }
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
}

}  // namespace onyx::cli
