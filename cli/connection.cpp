#include "cli/connection.h"

#include <fmt/format.h>
#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>

#include <mutex>

#include "common/api/cluster_codec.h"
#include "common/api/error_codec.h"
#include "common/api/job_codec.h"
#include "common/api/log_codec.h"
#include "onyx/v1/cluster_service.grpc.pb.h"
#include "onyx/v1/job_service.grpc.pb.h"
#include "onyx/v1/log_service.grpc.pb.h"

namespace onyx::cli {
namespace {

using api::Answer;
using api::Refusal;
using grpc::ClientContext;
using grpc::Status;
using std::chrono::milliseconds;
using std::chrono::system_clock;

constexpr milliseconds kConnectMax{3'000};
constexpr milliseconds kCaseMax{120'000};
constexpr int kMessageBytesMax = 256 * 1024 * 1024;

std::string target_of(const std::string& address) {
  return !address.empty() && address.front() == '/' ? "unix:" + address : address;
}

std::shared_ptr<grpc::Channel> make_channel(const std::string& address) {
  // What went wrong is said by us; the library would print it a second time.
  gpr_set_log_function([](gpr_log_func_args*) {});
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, api::kMetadataBytesMax);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  return grpc::CreateCustomChannel(target_of(address), grpc::InsecureChannelCredentials(),
                                   arguments);
}

}  // namespace

struct Client::Parts {
  explicit Parts(const std::string& address)
      : channel(make_channel(address)), jobs(channel), cluster(channel), log(channel) {}

  std::shared_ptr<grpc::Channel> channel;
  v1::JobService::Stub jobs;
  v1::ClusterService::Stub cluster;
  v1::LogService::Stub log;

  std::mutex mutex;
  ClientContext* streaming = nullptr;  // guarded by mutex
  bool is_cancelled = false;           // guarded by mutex

  // A stream that cancel() can end while this lives.
  class Streaming {
   public:
    Streaming(Parts& parts, ClientContext& context) : parts_(parts) {
      const std::lock_guard lock(parts_.mutex);
      parts_.streaming = &context;
      if (parts_.is_cancelled) context.TryCancel();
    }
    ~Streaming() {
      const std::lock_guard lock(parts_.mutex);
      parts_.streaming = nullptr;
    }

   private:
    Parts& parts_;
  };

  bool was_cancelled() {
    const std::lock_guard lock(mutex);
    return is_cancelled;
  }
};

Client::Client(std::string address, milliseconds timeout)
    : address_(std::move(address)), timeout_(timeout), parts_(std::make_unique<Parts>(address_)) {}

Client::~Client() = default;

namespace {

Refusal refusal_of(const Status& status, const std::string& address) {
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE && !api::has_detail(status)) {
    return Error(ErrorCode::unavailable, fmt::format("no daemon answers on {}", target_of(address)),
                 "NET-10");
  }
  if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED && !api::has_detail(status)) {
    return Error(ErrorCode::resource_exhausted,
                 "the request is larger than the daemon accepts: " + status.error_message(),
                 "NET-05");
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED && !api::has_detail(status)) {
    return Error(ErrorCode::deadline_exceeded,
                 "the daemon did not answer in time; what was asked for may still happen",
                 "NET-11");
  }
  return api::from_status(status);
}

template <class Response, class Stub, class Request>
Answer<Response> call(Stub& stub, Status (Stub::*method)(ClientContext*, const Request&, Response*),
                      const Request& request, milliseconds timeout, const std::string& address) {
  ClientContext context;
  context.set_deadline(system_clock::now() + timeout);
  Response response;
  const Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return tl::unexpected<Refusal>(refusal_of(status, address));
  return response;
}

// decode() of the message, or the refusal.
template <class Message>
auto decoded(const Answer<Message>& message) -> Answer<decltype(api::decode(*message))> {
  if (!message) return tl::unexpected<Refusal>(message.error());
  return api::decode(*message);
}

}  // namespace

Answer<void> Client::connect() {
  const auto deadline = system_clock::now() + std::min(kConnectMax, timeout_);
  for (;;) {
    const grpc_connectivity_state state = parts_->channel->GetState(true);
    if (state == GRPC_CHANNEL_READY) return {};
    const bool is_over = state == GRPC_CHANNEL_TRANSIENT_FAILURE ||
                         state == GRPC_CHANNEL_SHUTDOWN ||
                         !parts_->channel->WaitForStateChange(state, deadline);
    if (is_over) {
      return tl::unexpected<Refusal>(
          refusal_of(Status(grpc::StatusCode::UNAVAILABLE, ""), address_));
    }
  }
}

Answer<api::SubmitView> Client::submit(const api::SubmitRequest& request) {
  v1::SubmitRequest message;
  api::encode(request, &message);
  return decoded(call(parts_->jobs, &v1::JobService::Stub::Submit, message, timeout_, address_));
}

Answer<api::KillView> Client::kill(const std::string& job, const std::string& reason) {
  v1::KillRequest message;
  message.set_job(job);
  message.set_reason(reason);
  return decoded(call(parts_->jobs, &v1::JobService::Stub::Kill, message, timeout_, address_));
}

Answer<api::JobView> Client::get_job(const std::string& job) {
  v1::GetJobRequest message;
  message.set_job(job);
  return decoded(call(parts_->jobs, &v1::JobService::Stub::Get, message, timeout_, address_));
}

Answer<std::vector<api::JobView>> Client::list_jobs() {
  const auto response =
      call(parts_->jobs, &v1::JobService::Stub::List, v1::ListJobsRequest(), timeout_, address_);
  if (!response) return tl::unexpected<Refusal>(response.error());
  std::vector<api::JobView> views;
  for (const v1::Job& job : response->jobs()) views.push_back(api::decode(job));
  return views;
}

Answer<api::WhyView> Client::why(const std::string& job) {
  v1::ExplainJobRequest message;
  message.set_job(job);
  return decoded(
      call(parts_->jobs, &v1::JobService::Stub::ExplainJob, message, timeout_, address_));
}

Answer<api::OutputView> Client::job_output(const std::string& job, const std::string& task,
                                           std::uint32_t limit) {
  v1::OutputRequest message;
  message.set_job(job);
  message.set_task(task);
  message.set_limit(limit);
  return decoded(call(parts_->jobs, &v1::JobService::Stub::Output, message, timeout_, address_));
}

Answer<api::CaseView> Client::run_case(const api::CaseRequest& request) {
  v1::RunCaseRequest message;
  api::encode(request, &message);
  return decoded(call(parts_->jobs, &v1::JobService::Stub::RunCase, message,
                      std::max(timeout_, kCaseMax), address_));
}

Answer<StreamEnd> Client::await(const std::string& job, std::optional<milliseconds> timeout,
                                const std::function<bool(const api::JobView&)>& on_view) {
  ClientContext context;
  if (timeout) context.set_deadline(system_clock::now() + *timeout);
  v1::AwaitRequest request;
  request.set_job(job);
  const Parts::Streaming streaming(*parts_, context);
  const auto reader = parts_->jobs.Await(&context, request);
  v1::Job message;
  bool is_stopped = false;
  while (!is_stopped && reader->Read(&message)) is_stopped = !on_view(api::decode(message));
  if (is_stopped) context.TryCancel();
  const Status status = reader->Finish();
  if (is_stopped) return StreamEnd::stopped;
  if (status.ok()) return StreamEnd::finished;
  if (parts_->was_cancelled()) return StreamEnd::cancelled;
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) return StreamEnd::timed_out;
  return tl::unexpected<Refusal>(refusal_of(status, address_));
}

Answer<api::VersionView> Client::version() {
  return decoded(call(parts_->cluster, &v1::ClusterService::Stub::Version, v1::VersionRequest(),
                      timeout_, address_));
}

Answer<api::ClusterView> Client::cluster() {
  return decoded(call(parts_->cluster, &v1::ClusterService::Stub::GetCluster,
                      v1::GetClusterRequest(), timeout_, address_));
}

Answer<api::GroupDetailView> Client::get_group(const std::string& group) {
  v1::GetGroupRequest message;
  message.set_group(group);
  return decoded(
      call(parts_->cluster, &v1::ClusterService::Stub::GetGroup, message, timeout_, address_));
}

Answer<std::vector<api::GroupView>> Client::list_groups() {
  const auto response = call(parts_->cluster, &v1::ClusterService::Stub::ListGroups,
                             v1::ListGroupsRequest(), timeout_, address_);
  if (!response) return tl::unexpected<Refusal>(response.error());
  std::vector<api::GroupView> views;
  for (const v1::Group& group : response->groups()) views.push_back(api::decode(group));
  return views;
}

Answer<std::vector<api::PeerView>> Client::list_peers() {
  const auto response = call(parts_->cluster, &v1::ClusterService::Stub::ListPeers,
                             v1::ListPeersRequest(), timeout_, address_);
  if (!response) return tl::unexpected<Refusal>(response.error());
  std::vector<api::PeerView> views;
  for (const v1::Peer& peer : response->peers()) views.push_back(api::decode(peer));
  return views;
}

Answer<api::AddPeersView> Client::add_peers(std::int32_t count) {
  v1::AddPeersRequest message;
  message.set_count(count);
  return decoded(
      call(parts_->cluster, &v1::ClusterService::Stub::AddPeers, message, timeout_, address_));
}

Answer<api::RemovePeerView> Client::remove_peer(const std::string& peer) {
  v1::RemovePeerRequest message;
  message.set_peer(peer);
  return decoded(
      call(parts_->cluster, &v1::ClusterService::Stub::RemovePeer, message, timeout_, address_));
}

Answer<std::optional<api::DrainView>> Client::drain_group(const std::string& group, bool stop) {
  v1::DrainGroupRequest message;
  message.set_group(group);
  message.set_stop(stop);
  ClientContext context;
  context.set_deadline(system_clock::now() + timeout_);
  v1::DrainGroupResponse response;
  const Parts::Streaming streaming(*parts_, context);
  const Status status = parts_->cluster.DrainGroup(&context, message, &response);
  if (status.ok()) return api::decode(response);
  if (parts_->was_cancelled()) return std::nullopt;
  return tl::unexpected<Refusal>(refusal_of(status, address_));
}

Answer<api::UndrainView> Client::undrain_group(const std::string& group) {
  v1::UndrainGroupRequest message;
  message.set_group(group);
  return decoded(
      call(parts_->cluster, &v1::ClusterService::Stub::UndrainGroup, message, timeout_, address_));
}

Answer<api::SimulationView> Client::simulate(const std::vector<api::SimulationStep>& steps) {
  v1::SimulateRequest message;
  api::encode(steps, &message);
  return decoded(
      call(parts_->cluster, &v1::ClusterService::Stub::Simulate, message, timeout_, address_));
}

Answer<api::ReplicaView> Client::replica(std::optional<Position> at) {
  v1::GetReplicaRequest message;
  if (at) message.set_at(*at);
  return decoded(
      call(parts_->cluster, &v1::ClusterService::Stub::GetReplica, message, timeout_, address_));
}

Answer<api::ReplicaDiffView> Client::diff_replica(Position from, std::optional<Position> to) {
  v1::DiffReplicaRequest message;
  message.set_from(from);
  if (to) message.set_to(*to);
  return decoded(
      call(parts_->cluster, &v1::ClusterService::Stub::DiffReplica, message, timeout_, address_));
}

Answer<api::GcView> Client::gc(bool is_dry_run) {
  v1::CollectGarbageRequest message;
  message.set_dry_run(is_dry_run);
  return decoded(call(parts_->cluster, &v1::ClusterService::Stub::CollectGarbage, message, timeout_,
                      address_));
}

Answer<api::LogView> Client::read_log(Position from, std::uint32_t limit) {
  v1::ReadLogRequest message;
  message.set_from(from);
  message.set_limit(limit);
  return decoded(call(parts_->log, &v1::LogService::Stub::Read, message, timeout_, address_));
}

Answer<api::EntryView> Client::show_entry(Position at) {
  v1::ShowEntryRequest message;
  message.set_position(at);
  return decoded(call(parts_->log, &v1::LogService::Stub::Show, message, timeout_, address_));
}

Answer<StreamEnd> Client::follow_log(Position from,
                                     const std::function<bool(const api::LogEntryView&)>& on_entry,
                                     const std::function<bool(Position, Position)>& on_gap) {
  ClientContext context;
  v1::FollowLogRequest request;
  request.set_from(from);
  const Parts::Streaming streaming(*parts_, context);
  const auto reader = parts_->log.Follow(&context, request);
  v1::LogEvent event;
  bool is_stopped = false;
  while (!is_stopped && reader->Read(&event)) {
    is_stopped = event.has_gap() ? !on_gap(event.gap().from(), event.gap().to())
                                 : !on_entry(api::decode(event.entry()));
  }
  if (is_stopped) context.TryCancel();
  const Status status = reader->Finish();
  if (is_stopped) return StreamEnd::stopped;
  if (status.ok()) return StreamEnd::finished;
  if (parts_->was_cancelled()) return StreamEnd::cancelled;
  return tl::unexpected<Refusal>(refusal_of(status, address_));
}

void Client::cancel() {
  const std::lock_guard lock(parts_->mutex);
  parts_->is_cancelled = true;
  if (parts_->streaming != nullptr) parts_->streaming->TryCancel();
}

}  // namespace onyx::cli
