#include "common/api/local_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace onyx::api {
namespace {

namespace fs = std::filesystem;

// A fresh directory, and the environment as the rule reads it; both as they were at the end.
struct Place {
  Place() {
    std::string pattern = (fs::temp_directory_path() / "onyx-socket-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    directory = pattern;
    ::unsetenv("RUNTIME_DIRECTORY");
    ::unsetenv("XDG_RUNTIME_DIR");
  }
  ~Place() {
    ::unsetenv("RUNTIME_DIRECTORY");
    ::unsetenv("XDG_RUNTIME_DIR");
    fs::remove_all(directory);
  }
  std::string directory;
};

void bind_socket(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  ::close(fd);
}

}  // namespace

TEST_CASE("local socket: systemd's directory goes first, the first of several", "[api]") {
  const Place place;
  ::setenv("RUNTIME_DIRECTORY", (place.directory + ":/elsewhere").c_str(), 1);
  CHECK(local_sockets().front() == place.directory + "/onyxd.sock");
  CHECK(socket_to_listen_on().value() == place.directory + "/onyxd.sock");
}

TEST_CASE("local socket: below the user's directory it is made for the owner only", "[api]") {
  const Place place;
  if (::access("/run/onyx", W_OK) == 0) return;  // this machine has an installed daemon
  ::setenv("XDG_RUNTIME_DIR", place.directory.c_str(), 1);
  CHECK(socket_to_listen_on().value() == place.directory + "/onyx/onyxd.sock");
  struct stat status {};
  REQUIRE(::stat((place.directory + "/onyx").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("local socket: without any directory it is below /tmp, by user", "[api]") {
  const Place place;
  CHECK(local_sockets().back() == "/tmp/onyx-" + std::to_string(::geteuid()) + "/onyxd.sock");
}

TEST_CASE("local socket: a client goes where a socket is", "[api]") {
  const Place place;
  ::setenv("RUNTIME_DIRECTORY", (place.directory + "/a").c_str(), 1);
  ::setenv("XDG_RUNTIME_DIR", place.directory.c_str(), 1);
  fs::create_directories(place.directory + "/onyx");
  bind_socket(place.directory + "/onyx/onyxd.sock");
  const bool is_installed = fs::exists("/run/onyx/onyxd.sock");
  CHECK(socket_to_connect_to() ==
        (is_installed ? "/run/onyx/onyxd.sock" : place.directory + "/onyx/onyxd.sock"));
}

}  // namespace onyx::api
