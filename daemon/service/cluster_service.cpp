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
            fmt::format("found {} peers to add, wanted 1 to {}", request->count(), kPeersAddedMax));
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
      ONYX_ASSIGN_OR_RETURN(const GcView view, shared_.backend.gc(call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

 private:
  Shared& shared_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_cluster_service(Shared& shared) {
  return std::make_unique<ClusterService>(shared);
}

}  // namespace onyx::service
