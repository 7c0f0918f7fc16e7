#include <fmt/format.h>

#include <algorithm>

#include "common/api/cluster_codec.h"
#include "daemon/service/handler.h"
#include "daemon/service/resolve.h"
#include "daemon/service/services.h"
#include "onyx/v1/cluster_service.grpc.pb.h"

namespace onyx::service {
namespace {

using grpc::ServerContext;
using grpc::Status;

class ClusterService final : public v1::ClusterService::Service {
 public:
  explicit ClusterService(Shared& shared) : shared_(shared) {}

  Status Version(ServerContext*, const v1::VersionRequest* request,
                 v1::VersionResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      encode(shared_.backend.version(), response);
      return {};
    });
  }

  Status GetCluster(ServerContext*, const v1::GetClusterRequest* request,
                    v1::Cluster* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      encode(shared_.backend.cluster(), response);
      return {};
    });
  }

  Status GetGroup(ServerContext*, const v1::GetGroupRequest* request,
                  v1::GroupDetail* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const GroupId id,
                            resolve_group(request->group(), shared_.backend.list_groups()));
      ONYX_ASSIGN_OR_RETURN(const GroupDetailView view, shared_.backend.get_group(id));
      encode(view, response);
      return {};
    });
  }

  Status ListGroups(ServerContext*, const v1::ListGroupsRequest* request,
                    v1::ListGroupsResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      response->set_as_of_position(shared_.backend.version().position);
      for (const GroupView& view : shared_.backend.list_groups()) {
        encode(view, response->add_groups());
      }
      return {};
    });
  }

  Status ListPeers(ServerContext*, const v1::ListPeersRequest* request,
                   v1::ListPeersResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      response->set_as_of_position(shared_.backend.version().position);
      for (const PeerView& view : shared_.backend.list_peers()) {
        encode(view, response->add_peers());
      }
      return {};
    });
  }

  Status AddPeers(ServerContext* context, const v1::AddPeersRequest* request,
                  v1::AddPeersResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      if (request->count() < 1 || request->count() > kPeersAddedMax) {
        return failure(
            ErrorCode::invalid_argument,
            fmt::format("found {} peers to add, wanted 1 to {}", request->count(), kPeersAddedMax),
            "NET-45");
      }
      ONYX_ASSIGN_OR_RETURN(
          const AddPeersView view,
          shared_.backend.add_peers(request->count(), call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

  Status RemovePeer(ServerContext* context, const v1::RemovePeerRequest* request,
                    v1::RemovePeerResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const PeerId id,
                            resolve_peer(request->peer(), shared_.backend.list_peers()));
      ONYX_ASSIGN_OR_RETURN(const RemovePeerView view,
                            shared_.backend.remove_peer(id, call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

  Status DrainGroup(ServerContext* context, const v1::DrainGroupRequest* request,
                    v1::DrainGroupResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const GroupId id,
                            resolve_group(request->group(), shared_.backend.list_groups()));
      ONYX_ASSIGN_OR_RETURN(
          const DrainView view,
          shared_.backend.drain_group(id, request->stop(), call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

  Status UndrainGroup(ServerContext* context, const v1::UndrainGroupRequest* request,
                      v1::UndrainGroupResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const GroupId id,
                            resolve_group(request->group(), shared_.backend.list_groups()));
      ONYX_ASSIGN_OR_RETURN(const UndrainView view,
                            shared_.backend.undrain_group(id, call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

  Status Simulate(ServerContext*, const v1::SimulateRequest* request,
                  v1::Simulation* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const auto steps, checked_steps(decode(*request)));
      ONYX_ASSIGN_OR_RETURN(const SimulationView view, shared_.backend.simulate(steps));
      encode(view, response);
      return {};
    });
  }

  Status GetReplica(ServerContext* context, const v1::GetReplicaRequest* request,
                    v1::GetReplicaResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(
          const ReplicaView view,
          shared_.backend.replica({request->keys().begin(), request->keys().end()},
                                  request->has_at() ? std::optional(request->at()) : std::nullopt,
                                  call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

  Status DiffReplica(ServerContext* context, const v1::DiffReplicaRequest* request,
                     v1::DiffReplicaResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(
          const ReplicaDiffView view,
          shared_.backend.diff_replica(
              request->from(), request->has_to() ? std::optional(request->to()) : std::nullopt,
              call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

  Status CollectGarbage(ServerContext* context, const v1::CollectGarbageRequest* request,
                        v1::CollectGarbageResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const GcView view,
                            request->dry_run() ? shared_.backend.simulate_gc()
                                               : shared_.backend.gc(call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

 private:
  // With full group ids.
  Answer<std::vector<SimulationStep>> checked_steps(std::vector<SimulationStep> steps) {
    if (steps.empty() || steps.size() > kSimulationStepsMax) {
      return failure(ErrorCode::invalid_argument,
                     fmt::format("found {} steps to simulate, wanted 1 to {}", steps.size(),
                                 kSimulationStepsMax),
                     "NET-45");
    }
    for (SimulationStep& step : steps) {
      if (!step.lose_group.empty()) {
        ONYX_ASSIGN_OR_RETURN(const GroupId id,
                              resolve_group(step.lose_group, shared_.backend.list_groups()));
        step.lose_group = id.text();
      } else if (step.submit) {
        std::size_t bytes = step.submit->job.text.size();
        for (const Source& file : step.submit->functions) bytes += file.text.size();
        if (bytes > kSourceBytesMax || step.submit->functions.size() > kFunctionFilesMax) {
          return failure(ErrorCode::resource_exhausted,
                         fmt::format("the job and its functions come to {} bytes in {} files, the "
                                     "limits are {} and {}",
                                     bytes, step.submit->functions.size() + 1, kSourceBytesMax,
                                     kFunctionFilesMax),
                         "NET-05");
        }
      } else if (step.add_peers < 1 || step.add_peers > kPeersAddedMax) {
        return failure(
            ErrorCode::invalid_argument,
            fmt::format("found {} peers to add, wanted 1 to {}", step.add_peers, kPeersAddedMax),
            "NET-45");
      }
    }
    return steps;
  }

  Shared& shared_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_cluster_service(Shared& shared) {
  return std::make_unique<ClusterService>(shared);
}

}  // namespace onyx::service
