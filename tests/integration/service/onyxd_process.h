// `onyxd --dev` as a process with a Unix socket and a TCP port, for tests that speak to it in ways onyxctl would not.
//
// Thread:  one at a time.
// Errors:  a daemon that does not start fails the test with what it said on stderr.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern char** environ;

namespace onyx::service {

class OnyxdProcess {
 public:
  // `descriptors_max` 0: as many as this process may have.
  explicit OnyxdProcess(int descriptors_max = 0) {
    std::string pattern = (std::filesystem::temp_directory_path() / "onyx-hard-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
    const char* bin = std::getenv("ONYX_BIN_DIR");
    REQUIRE(bin != nullptr);
    const std::string limit =
        descriptors_max > 0 ? "ulimit -n " + std::to_string(descriptors_max) + " && " : "";
    std::string command = limit + "exec '" + std::string(bin) +
                          "/onyxd' --dev --listen 'unix:" + path() +
                          "' --listen 127.0.0.1:0 --log-level warn";
    int pipe[2];
    REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
    std::string shell = "/bin/sh", flag = "-c";
    char* argv[] = {shell.data(), flag.data(), command.data(), nullptr};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, pipe[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, (directory_ + "/log").c_str(),
                                     O_WRONLY | O_CREAT, 0600);
    const int error = ::posix_spawn(&pid_, shell.c_str(), &files, nullptr, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    ::close(pipe[1]);
    REQUIRE(error == 0);
    std::string ready;
    char c = 0;
    while (ready.find('\n') == std::string::npos && ::read(pipe[0], &c, 1) == 1) ready += c;
    ::close(pipe[0]);
    INFO(ready << log());
    const std::size_t at = ready.find(",127.0.0.1:");
    REQUIRE(at != std::string::npos);
    tcp_ = ready.substr(at + 1, ready.find(' ', at) - at - 1);
  }

  ~OnyxdProcess() {
    if (pid_ > 0) {
      ::kill(pid_, SIGTERM);
      ::waitpid(pid_, nullptr, 0);
    }
    std::filesystem::remove_all(directory_);
  }
  OnyxdProcess(const OnyxdProcess&) = delete;
  OnyxdProcess& operator=(const OnyxdProcess&) = delete;

  std::string path() const { return directory_ + "/api.sock"; }
  std::string address() const { return "unix:" + path(); }
  const std::string& tcp() const { return tcp_; }  // 127.0.0.1:PORT
  int port() const { return std::stoi(tcp_.substr(tcp_.find(':') + 1)); }

  bool is_running() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    return pid_ > 0;
  }

  std::string log() const {
    std::ifstream file(directory_ + "/log");
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string directory_;
  std::string tcp_;
  pid_t pid_ = -1;
};

}  // namespace onyx::service
