#include "daemon/data_plane.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <filesystem>

#include "common/api/local_socket.h"
#include "daemon/messaging/transport/address.h"
#include "daemon/messaging/transport/socket_transport.h"
#include "daemon/messaging/transport/sockets.h"

namespace onyx {

namespace {

constexpr std::string_view kSocketPrefix = "data-";
// A younger file may belong to a daemon that is just starting.
constexpr std::chrono::seconds kGhostAge{60};

// What the configuration names: the only address, or the one over TCP.
std::string configured_address(const config::Settings& settings) {
  const std::string& only = settings.data_listen;
  if (only.empty()) {
    const bool is_v6 = settings.data_host.find(':') != std::string::npos;
    return fmt::format(fmt::runtime(is_v6 ? "[{}]:{}" : "{}:{}"), settings.data_host,
                       settings.data_port);
  }
  if (only.starts_with("unix:") || only.find(':') != std::string::npos) return only;
  return fmt::format("{}:{}", only, kDataPort);
}

// Sockets whose daemons were killed.
void remove_ghosts(const std::string& directory) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (!entry.path().filename().string().starts_with(kSocketPrefix)) continue;
    const auto age = std::filesystem::file_time_type::clock::now() - entry.last_write_time(error);
    if (!error && age > kGhostAge) messaging::remove_ghost(entry.path().string());
  }
}

}  // namespace

Result<void> check_data_plane(const config::Settings& settings) {
  ONYX_TRY(messaging::parse_address(configured_address(settings)));
  return {};
}

std::function<Result<std::unique_ptr<messaging::Transport>>(const messaging::Identity&,
                                                            std::chrono::milliseconds)>
open_data_plane(const config::Settings& settings) {
  return [address = configured_address(settings), is_only = !settings.data_listen.empty()](
             const messaging::Identity& self, std::chrono::milliseconds session_timeout)
             -> Result<std::unique_ptr<messaging::Transport>> {
    messaging::SocketTransportSettings transport;
    transport.switchboard.self = self;
    transport.switchboard.times = messaging::link_times(session_timeout);
    if (!is_only) {
      if (const auto directory = api::run_directory(); directory.has_value()) {
        remove_ghosts(*directory);
        transport.listen.push_back(
            fmt::format("unix:{}/{}{}.sock", *directory, kSocketPrefix, self.group.text()));
      } else {
        spdlog::info("data plane without a Unix socket: {}", directory.error().text());
      }
    }
    transport.listen.push_back(address);
    ONYX_ASSIGN_OR_RETURN(auto opened, messaging::SocketTransport::start(std::move(transport)));
    spdlog::info("data plane open group={} at={}", self.group.text(), opened->addresses());
    return std::unique_ptr<messaging::Transport>(std::move(opened));
  };
}

}  // namespace onyx
