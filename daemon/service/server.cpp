#include "daemon/service/server.h"

#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_posix.h>

#include "daemon/service/acceptor.h"
#include "daemon/service/handler.h"
#include "daemon/service/listen.h"
#include "daemon/service/services.h"
#include "daemon/service/stream.h"
#include "daemon/service/undecoded.h"

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
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MAX_POLLERS, 2);
}

}  // namespace

struct Server::Parts {
  Parts(Backend& backend, std::string daemon) : shared{backend, std::move(daemon)} {}

  Shared shared;
  OpenStreams open;
  std::vector<std::unique_ptr<grpc::Service>> services;
  Acceptor acceptor;
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
  builder.experimental().SetInterceptorCreators(make_interceptors(parts->shared.daemon));
  std::vector<std::string> addresses;
  for (const std::string& text : listen) {
    ONYX_ASSIGN_OR_RETURN(const Listen wanted, parse_listen(text));
    ONYX_ASSIGN_OR_RETURN(const Listen found, parts->acceptor.listen(wanted));
    addresses.push_back(found.text());
  }
  parts->services.push_back(make_job_service(parts->shared, parts->open));
  parts->services.push_back(make_cluster_service(parts->shared));
  parts->services.push_back(make_log_service(parts->shared, parts->open));
  for (const auto& service : parts->services) builder.RegisterService(service.get());
  parts->server = builder.BuildAndStart();
  if (!parts->server) return failure(ErrorCode::internal, "gRPC did not start", "NET-02");
  std::unique_ptr<Server> server(new Server(std::move(parts)));
  server->addresses_ = std::move(addresses);
  server->set_serving(false);
  grpc::Server* grpc_server = server->parts_->server.get();
  server->parts_->acceptor.start(
      [grpc_server](int fd) { grpc::AddInsecureChannelFromFd(grpc_server, fd); });
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
  parts_->acceptor.stop();
  parts_->open.stop();
  parts_->server->Shutdown(std::chrono::system_clock::now() + kShutdownMax);
  parts_->server->Wait();
  parts_->server.reset();
}

}  // namespace onyx::service
