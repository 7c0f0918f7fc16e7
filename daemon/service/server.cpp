#include "daemon/service/server.h"

#include <fmt/format.h>
#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/service_type.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "daemon/service/handler.h"
#include "daemon/service/listen.h"
#include "daemon/service/services.h"
#include "daemon/service/stream.h"

namespace onyx::service {
namespace {

constexpr int kThreadsMax = 64;                       // handlers that run at once
constexpr std::size_t kBuffersBytesMax = 256u << 20;  // of all connections together
constexpr int kStreamsPerConnectionMax = 100;
constexpr int kLookaheadBytes = 256 * 1024;

void set_limits(grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("onyx-api");
  quota.SetMaxThreads(kThreadsMax);
  quota.Resize(kBuffersBytesMax);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kLookaheadBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  // Two daemons on one port would each get half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MAX_POLLERS, 2);
}

// gRPC removes whatever is at the path before it binds, so a live daemon would lose its socket without a word.
Result<void> claim_socket(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode)) {
    return failure(
        ErrorCode::already_exists,
        fmt::format("{} is there and is not a socket; move it, or listen elsewhere", path),
        "NET-02");
  }
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const bool is_live =
      fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (fd >= 0) ::close(fd);
  if (is_live) {
    return failure(
        ErrorCode::already_exists,
        fmt::format("another daemon listens on unix:{}; stop it, or listen elsewhere", path),
        "NET-02");
  }
  ::unlink(path.c_str());
  return {};
}

}  // namespace

struct Server::Parts {
  Parts(Backend& backend, std::string daemon) : shared{backend, std::move(daemon)} {}

  Shared shared;
  OpenStreams open;
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<grpc::Server> server;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Server>> Server::start(Backend& backend,
                                              const std::vector<std::string>& listen,
                                              std::string daemon) {
  auto parts = std::make_unique<Parts>(backend, std::move(daemon));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  set_limits(builder);
  std::vector<Listen> wanted;
  for (const std::string& text : listen) {
    ONYX_ASSIGN_OR_RETURN(Listen address, parse_listen(text));
    if (!address.path.empty()) ONYX_TRY(claim_socket(address.path));
    wanted.push_back(std::move(address));
  }
  std::vector<int> ports(wanted.size(), 0);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    builder.AddListeningPort(wanted[i].text(), grpc::InsecureServerCredentials(), &ports[i]);
  }
  parts->services.push_back(make_job_service(parts->shared, parts->open));
  parts->services.push_back(make_cluster_service(parts->shared));
  parts->services.push_back(make_log_service(parts->shared, parts->open));
  for (const auto& service : parts->services) builder.RegisterService(service.get());
  parts->server = builder.BuildAndStart();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (parts->server && ports[i] > 0) continue;
    if (ports[i] > 0) continue;  // this one was free
    return failure(ErrorCode::unavailable,
                   fmt::format("cannot listen on {}: it is taken, or its directory is missing or "
                               "cannot be written to",
                               wanted[i].text()),
                   "NET-02");
  }
  if (!parts->server) return failure(ErrorCode::internal, "gRPC did not start", "NET-02");
  std::unique_ptr<Server> server(new Server(std::move(parts)));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Listen& address = wanted[i];
    if (address.path.empty()) {
      address.port = static_cast<std::uint16_t>(ports[i]);
    } else {
      ::chmod(address.path.c_str(), 0660);
      server->sockets_.push_back(address.path);
    }
    server->addresses_.push_back(address.text());
  }
  server->set_serving(false);
  return server;
}

Server::~Server() { stop(); }

void Server::set_serving(bool is_serving) {
  if (parts_->server == nullptr) return;
  if (auto* health = parts_->server->GetHealthCheckService()) health->SetServingStatus(is_serving);
}

void Server::stop() {
  if (parts_->server == nullptr) return;
  set_serving(false);
  parts_->shared.is_stopping = true;
  parts_->open.stop();
  parts_->server->Shutdown(std::chrono::system_clock::now() + kShutdownMax);
  parts_->server->Wait();
  parts_->server.reset();
  for (const std::string& path : sockets_) ::unlink(path.c_str());
  sockets_.clear();
}

}  // namespace onyx::service
