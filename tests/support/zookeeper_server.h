// A real ZooKeeper 3.8 (Debian's package) for a test: a process on a free port of loopback, its data in a temporary
// directory. It dies with the test.
//
// Shape:   ready when the constructor returns. stop() and start() keep port and data; pause() and resume() are SIGSTOP
//          and SIGCONT.
// Errors:  std::runtime_error with what is missing; the test fails.
#pragma once

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

namespace onyx::support {

class ZookeeperServer {
 public:
  ZookeeperServer() : port_(free_port()) {
    if (!std::filesystem::exists(kJar)) {
      throw std::runtime_error(std::string(kJar) + " is missing: apt-get install zookeeper");
    }
    std::string name = (std::filesystem::temp_directory_path() / "onyx-zookeeper-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    folder_ = name;
    std::ofstream(folder_ / "zoo.cfg") << "tickTime=100\n"
                                       << "minSessionTimeout=200\nmaxSessionTimeout=40000\n"
                                       << "dataDir=" << (folder_ / "data").string() << "\n"
                                       << "clientPort=" << port_ << "\n"
                                       << "clientPortAddress=127.0.0.1\n"
                                       << "maxClientCnxns=0\nadmin.enableServer=false\n"
                                       << "4lw.commands.whitelist=srvr\n";
    start();
  }

  ~ZookeeperServer() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ZookeeperServer(const ZookeeperServer&) = delete;
  ZookeeperServer& operator=(const ZookeeperServer&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  void start() {
    const std::string config = (folder_ / "zoo.cfg").string();
    const std::string log = (folder_ / "server.log").string();
    const std::string classpath = std::string(kJar) + ":/usr/share/java/slf4j-nop.jar";
    const std::array<const char*, 12> arguments = {
        "java",
        "-Xmx128m",
        "-Xshare:auto",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Dzookeeper.forceSync=no",
        "-Dzookeeper.jmx.log4j.disable=true",
        "-cp",
        classpath.c_str(),
        "org.apache.zookeeper.server.ZooKeeperServerMain",
        config.c_str(),
        nullptr};
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(1);
      const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      ::dup2(out, 1);
      ::dup2(out, 2);
      ::execvp("java", const_cast<char* const*>(arguments.data()));
      ::_exit(127);
    }
    wait_ready(log);
  }

  // At once, as after a power cut.
  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGCONT);
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }

  void pause() { ::kill(process_, SIGSTOP); }
  void resume() { ::kill(process_, SIGCONT); }

 private:
  static constexpr const char* kJar = "/usr/share/java/zookeeper.jar";

  static int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd, generic, length) != 0) throw std::runtime_error("no free port");
    ::getsockname(fd, generic, &length);
    ::close(fd);
    return ntohs(address.sin_port);
  }

  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  // "ruok" says yes before sessions can be opened; "srvr" names its mode only afterwards.
  bool serves() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port_);
    std::string answer;
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::send(fd, "srvr", 4, MSG_NOSIGNAL) == 4) {
      std::array<char, 512> part{};
      pollfd readable{fd, POLLIN, 0};
      while (::poll(&readable, 1, 1'000) == 1) {
        const ssize_t count = ::recv(fd, part.data(), part.size(), 0);
        if (count <= 0) break;
        answer.append(part.data(), static_cast<std::size_t>(count));
      }
    }
    ::close(fd);
    return answer.find("Mode:") != std::string::npos;
  }

  void wait_ready(const std::string& log) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!serves()) {
      if (::waitpid(process_, nullptr, WNOHANG) == process_) {
        process_ = -1;
        std::ifstream file(log);
        const std::string said((std::istreambuf_iterator<char>(file)), {});
        throw std::runtime_error("ZooKeeper did not start: " + said);
      }
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("ZooKeeper is silent");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  const int port_;
  std::filesystem::path folder_;
  pid_t process_ = -1;
};

}  // namespace onyx::support
